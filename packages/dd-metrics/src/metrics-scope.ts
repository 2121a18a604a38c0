import { InvalidMetricNameError, type MetricsSink } from "@llmdevops/dd-core";
import { refusalText } from "@llmdevops/dd-core/options";
import type { ContextCache } from "./aggregation/context-cache.ts";
import { boundedTags } from "./bounded-tags.ts";
import { eventMessage } from "./event-message.ts";
import type { EventOptions } from "./event-options.ts";
import { BoundSeries } from "./handles/bound-series.ts";
import { Counter } from "./handles/counter.ts";
import { MetricTimer, timeCall } from "./handles/metric-timer.ts";
import { letterOf, Recorder, type RecorderType } from "./handles/recorder.ts";
import type { MetricCallOptions } from "./metric-settings.ts";
import { formatTags, mergeTags } from "./metric-tags.ts";
import type { MetricsPipeline } from "./metrics-pipeline.ts";
import { type SeriesPrefix, SeriesRecorder } from "./series-recorder.ts";
import { serviceCheckMessage } from "./service-check.ts";
import type { ServiceCheckOptions, ServiceCheckStatus } from "./service-check-options.ts";
import { readTags, type Tags } from "./tag-entries.ts";

/** What a scope adds to everything that is recorded through it. */
export interface ScopeOptions {
  /**
   * Put in front of the names of metrics, for example `checkout.`: a letter, then letters, digits, underscores and
   * dots, at most 100 characters with the prefixes around it. @default ""
   */
  readonly prefix?: string;
  /** Tags on everything, bounded like a call's own, which win. @default {} */
  readonly tags?: Tags;
}

/** Options of a timer. */
export interface TimerOptions extends MetricCallOptions {
  /** A distribution has percentiles across all hosts, the others of one host. @default "distribution" */
  readonly type?: "distribution" | "histogram" | "timing";
}

/**
 * Records metrics, events and service checks under one prefix and with common tags. No method but `counter`,
 * `recorder`, `timer` and `scope` throws, and these only for a name or prefix of which nothing can be used.
 */
export class MetricsScope implements MetricsSink {
  readonly #recorder: SeriesRecorder;
  readonly #counts: ContextCache;
  readonly #gauges: ContextCache;
  readonly #histograms: ContextCache;
  readonly #distributions: ContextCache;
  readonly #timings: ContextCache;

  /** @internal */
  constructor(pipeline: MetricsPipeline, scope: SeriesPrefix) {
    const recorder = new SeriesRecorder(pipeline, scope);
    this.#recorder = recorder;
    this.#counts = recorder.cache("c");
    this.#gauges = recorder.cache("g");
    this.#histograms = recorder.cache("h");
    this.#distributions = recorder.cache("d");
    this.#timings = recorder.cache("ms");
  }

  /** Adds to a count. @param value @default 1 */
  increment(name: string, value = 1, tags?: Tags, options?: MetricCallOptions): void {
    this.#recorder.record(this.#counts, "c", name, value, tags, options);
  }

  /** Takes from a count. @param value @default 1 */
  decrement(name: string, value = 1, tags?: Tags, options?: MetricCallOptions): void {
    const negated = typeof value === "number" ? -value : value;
    this.#recorder.record(this.#counts, "c", name, negated, tags, options);
  }

  /** Sets the current value of something; the last one of an interval wins. */
  gauge(name: string, value: number, tags?: Tags, options?: MetricCallOptions): void {
    this.#recorder.record(this.#gauges, "g", name, value, tags, options);
  }

  /** Adds a value to a histogram, whose percentiles hold for one host only. */
  histogram(name: string, value: number, tags?: Tags, options?: MetricCallOptions): void {
    this.#recorder.record(this.#histograms, "h", name, value, tags, options);
  }

  /** Adds a value to a distribution, whose percentiles hold across all hosts. */
  distribution(name: string, value: number, tags?: Tags, options?: MetricCallOptions): void {
    this.#recorder.record(this.#distributions, "d", name, value, tags, options);
  }

  /** Adds a duration (ms) to a timing, which Datadog treats as a histogram: its percentiles hold for one host only. */
  timing(name: string, value: number, tags?: Tags, options?: MetricCallOptions): void {
    this.#recorder.record(this.#timings, "ms", name, value, tags, options);
  }

  /** Counts how many different values there were; a text of more than 64 bytes is sent as its SHA-256 digest. */
  set(name: string, value: string | number, tags?: Tags, options?: MetricCallOptions): void {
    this.#recorder.recordCarefully("s", name, value, tags, options);
  }

  /** Sends an event to the event stream. @param title What happened, cut to 500 bytes. */
  event(title: string, options: EventOptions = {}): void {
    this.#recorder.guarded(() => {
      const { pipeline } = this.#recorder;
      const { guard, diagnostics } = pipeline.foundation;
      const message = eventMessage(title, options ?? {}, guard, diagnostics);
      if (message === undefined) return diagnostics.count("event_without_title");
      const tags = this.#recorder.messageTags(options?.tags);
      pipeline.pushMessage(`${message}${tags}${pipeline.originFields(undefined)}`);
    });
  }

  /** Reports whether something works. @param name What was checked, for example `orders.database`. */
  serviceCheck(name: string, status: ServiceCheckStatus, options: ServiceCheckOptions = {}): void {
    this.#recorder.guarded(() => {
      const { pipeline } = this.#recorder;
      const { guard, diagnostics } = pipeline.foundation;
      const check = serviceCheckMessage(name, status, options ?? {}, guard, diagnostics);
      if (check === undefined) return diagnostics.count("service_check_without_name");
      const tags = this.#recorder.messageTags(options?.tags);
      const origin = pipeline.originFields(undefined);
      pipeline.pushMessage(`${check.head}${tags}${origin}${check.message}`);
    });
  }

  /**
   * A count with its tags, looked up once: the quickest way to count.
   *
   * @throws {InvalidMetricNameError} When nothing of the name can be used.
   * @example
   * ```ts
   * import { createMetrics } from "@llmdevops/dd-metrics";
   *
   * const placed = createMetrics({ service: "checkout" }).counter("orders.placed", { channel: "web" });
   * placed.increment();
   * ```
   */
  counter(name: string, tags?: Tags, options?: MetricCallOptions): Counter {
    return new Counter(new BoundSeries(this.#recorder, "c", name, tags, options));
  }

  /**
   * A gauge, histogram, distribution, timing or set with its tags, looked up once.
   *
   * @throws {InvalidMetricNameError} When nothing of the name can be used.
   * @example
   * ```ts
   * import { createMetrics } from "@llmdevops/dd-metrics";
   *
   * const lines = createMetrics({ service: "checkout" }).recorder("distribution", "orders.lines");
   * lines.record(3);
   * ```
   */
  recorder<Type extends RecorderType>(
    type: Type,
    name: string,
    tags?: Tags,
    options?: MetricCallOptions,
  ): Recorder<Type extends "set" ? string | number : number> {
    return new Recorder(new BoundSeries(this.#recorder, letterOf(type), name, tags, options));
  }

  /**
   * Measures how long functions, promises and callbacks take.
   *
   * @throws {InvalidMetricNameError} When nothing of the name can be used.
   * @example
   * ```ts
   * import { createMetrics } from "@llmdevops/dd-metrics";
   *
   * const loading = createMetrics({ service: "checkout" }).timer("orders.load");
   * const orders = await loading.time(async () => ["one", "two"]);
   * ```
   */
  timer(name: string, tags?: Tags, options: TimerOptions = {}): MetricTimer {
    const { type = "distribution", ...further } = options ?? {};
    const hasFurther = Object.keys(further).length > 0;
    const recorder = this.recorder(type, name, tags, hasFurther ? further : undefined);
    return new MetricTimer(recorder, this.#recorder.pipeline.now);
  }

  /**
   * Runs a function and records how long it took (ms), until it has returned, thrown, resolved or rejected.
   *
   * @param tags Read at the end.
   * @returns What the function returns; for a promise or another thenable, what its `then` returns, settled the same
   *   way after the duration has been recorded.
   * @throws What the function throws, and nothing else.
   * @example
   * ```ts
   * import { createMetrics } from "@llmdevops/dd-metrics";
   *
   * const metrics = createMetrics({ service: "checkout" });
   * const orders = await metrics.time("orders.load", async () => ["one", "two"], { source: "db" });
   * ```
   */
  time<T>(name: string, fn: () => T, tags?: Tags, options: TimerOptions = {}): T {
    const { now, foundation } = this.#recorder.pipeline;
    if (typeof fn !== "function") {
      foundation.diagnostics.count("call_without_function");
      return undefined as T;
    }
    const begin = now();
    return timeCall(fn, () => {
      const duration = now() - begin;
      this.#recorder.guarded(() => {
        const { type = "distribution", ...further } = options ?? {};
        this.#recorder.recordCarefully(letterOf(type), name, duration, tags, further);
      });
    });
  }

  /**
   * Records under a longer prefix and with further tags; everything else is shared.
   *
   * @throws {InvalidMetricNameError} When the prefix does not start with a letter or holds more than letters,
   *   digits, underscores and dots.
   * @example
   * ```ts
   * import { createMetrics } from "@llmdevops/dd-metrics";
   *
   * const search = createMetrics({ service: "checkout" }).scope({ prefix: "search.", tags: { index: "faq" } });
   * search.increment("queries"); // counts `search.queries`
   * ```
   */
  scope(options: ScopeOptions): MetricsScope {
    const { pipeline, scope } = this.#recorder;
    const { cardinality, tagSettings } = pipeline;
    const prefix = checkedPrefix(`${scope.prefix}${String(options?.prefix ?? "")}`, "prefix");
    const given = readTags(options?.tags, tagSettings.guard, tagSettings.diagnostics);
    const bounded = boundedTags(given, cardinality, tagSettings, prefix, false);
    const tags = mergeTags(scope.tags, formatTags(bounded, tagSettings));
    return new MetricsScope(pipeline, { prefix, tags });
  }
}

/** @throws {InvalidMetricNameError} When names cannot begin that way. */
export function checkedPrefix(given: unknown, option: string): string {
  const isName = typeof given === "string" && /^([a-zA-Z][a-zA-Z0-9_.]{0,99})?$/.test(given);
  if (isName) return given;
  const expected =
    "the beginning of a metric's name: a letter, then at most 99 letters, digits, underscores and dots";
  throw new InvalidMetricNameError(refusalText({ option, expected, given }));
}
