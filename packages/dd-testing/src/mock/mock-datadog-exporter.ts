import { AssertionError } from "node:assert";
import type { SuppressedTag } from "@llmdevops/dd-metrics/backend";
import { BoundedList } from "../agent/bounded-list.ts";
import type { ReceivedEvent } from "../agent/dogstatsd/parse-event.ts";
import type { ReceivedServiceCheck } from "../agent/dogstatsd/parse-service-check.ts";
import { checkMetric } from "../assertions/check-metric.ts";
import { checkSpan } from "../assertions/check-span.ts";
import { type ExpectedValue, isExpected } from "../assertions/expected-value.ts";
import { requireOutcome } from "../assertions/outcome.ts";
import type { MetricFilter, MockMetric, MockMetricType } from "./mock-metric.ts";
import type { MockLlmobsSpan, MockSpan } from "./mock-span.ts";
import {
  metricTagViolations,
  spanTagViolations,
  suppressedTagViolation,
  type TagViolation,
} from "./tag-violation.ts";

/** How much a {@link MockDatadogExporter} keeps; the oldest go first, which `discarded` counts. */
export interface MockExporterOptions {
  /** Most spans that are kept, from 0. @default 50000 */
  readonly maxSpans?: number;
  /** Most metrics that are kept, from 0; each call is one. @default 200000 */
  readonly maxMetrics?: number;
  /** Most events that are kept, and as many service checks, from 0. @default 10000 */
  readonly maxEvents?: number;
}

/**
 * Keeps what a client records instead of sending it, and answers questions about it. It opens no socket.
 *
 * @example
 * ```ts
 * import { createMockClient, MockDatadogExporter } from "@llmdevops/dd-testing";
 *
 * const exporter = new MockDatadogExporter();
 * const client = createMockClient({ exporter });
 * client.trace("order.load", () => client.increment("orders", 1));
 * exporter.assertSpanCreated("order.load");
 * exporter.assertMetricRecorded("orders", "count");
 * ```
 */
export class MockDatadogExporter {
  readonly #spans: BoundedList<{ readonly span: MockSpan; readonly sequence: number }>;
  readonly #metrics: BoundedList<MockMetric>;
  readonly #events: BoundedList<ReceivedEvent>;
  readonly #serviceChecks: BoundedList<ReceivedServiceCheck>;
  readonly #suppressedTags: BoundedList<SuppressedTag>;

  /** Begins with nothing. @throws RangeError for a limit that is no whole number from 0. */
  constructor(options: MockExporterOptions = {}) {
    const { maxSpans = 50_000, maxMetrics = 200_000, maxEvents = 10_000 } = options;
    for (const [name, value] of Object.entries({ maxSpans, maxMetrics, maxEvents })) {
      if (!Number.isSafeInteger(value) || value < 0) {
        throw new RangeError(`MockDatadogExporter: ${name} must be a whole number from 0`);
      }
    }
    this.#spans = new BoundedList(maxSpans, Number.POSITIVE_INFINITY);
    this.#metrics = new BoundedList(maxMetrics, Number.POSITIVE_INFINITY);
    this.#events = new BoundedList(maxEvents, Number.POSITIVE_INFINITY);
    this.#serviceChecks = new BoundedList(maxEvents, Number.POSITIVE_INFINITY);
    this.#suppressedTags = new BoundedList(maxMetrics, Number.POSITIVE_INFINITY);
  }

  /** Takes a finished span. @param sequence Its place in the order in which spans were started. */
  exportSpan(span: MockSpan, sequence: number): void {
    this.#spans.push({ span, sequence }, 0);
  }

  /** Takes a value of a metric. */
  exportMetric(metric: MockMetric): void {
    this.#metrics.push(metric, 0);
  }

  /** Takes note of a metric's tag that is not sent, or with another value. */
  exportSuppressedTag(tag: SuppressedTag): void {
    this.#suppressedTags.push(tag, 0);
  }

  /** Takes an event. */
  exportEvent(event: ReceivedEvent): void {
    this.#events.push(event, 0);
  }

  /** Takes a service check. */
  exportServiceCheck(check: ReceivedServiceCheck): void {
    this.#serviceChecks.push(check, 0);
  }

  /** The finished spans, in the order in which they were started. */
  getSpans(): MockSpan[] {
    return this.#spans
      .values()
      .sort((left, right) => left.sequence - right.sequence)
      .map(({ span }) => span);
  }

  /** The first finished span with this name. */
  getSpanByName(name: string): MockSpan | undefined {
    return this.getSpans().find((span) => span.name === name);
  }

  /** The recorded values, in order, one for each call. */
  getMetrics(filter: MetricFilter = {}): MockMetric[] {
    const { name, type, tags } = filter;
    return this.#metrics.values().filter((metric) => {
      if (name !== undefined && !isExpected(metric.name, name)) return false;
      if (type !== undefined && metric.type !== type) return false;
      return Object.entries(tags ?? {}).every(([key, value]) =>
        isExpected(metric.tags[key], value),
      );
    });
  }

  /** The recorded events, in order. */
  getEvents(): ReceivedEvent[] {
    return this.#events.values();
  }

  /** The recorded service checks, in order. */
  getServiceChecks(): ReceivedServiceCheck[] {
    return this.#serviceChecks.values();
  }

  /** What LLM Observability was told, in the order in which the spans were started. */
  getLlmobsSpans(): MockLlmobsSpan[] {
    return this.getSpans().flatMap(({ llmobs }) => llmobs ?? []);
  }

  /** Tags that do not keep to the published conventions. */
  getTagViolations(): TagViolation[] {
    return [
      ...this.getSpans().flatMap(spanTagViolations),
      ...this.#metrics.values().flatMap(metricTagViolations),
      ...this.#suppressedTags.values().map(suppressedTagViolation),
    ];
  }

  /** How many records the limits have let go. */
  get discarded(): number {
    const lists = [this.#spans, this.#metrics, this.#events, this.#serviceChecks];
    return lists.reduce((total, list) => total + list.discarded, 0);
  }

  /**
   * Requires a finished span with this name and these tags.
   *
   * @throws AssertionError with the trace tree and the nearest span.
   */
  assertSpanCreated(name: string, tags?: Readonly<Record<string, ExpectedValue>>): void {
    const pattern = { name, ...(tags === undefined ? {} : { tags }) };
    requireOutcome(checkSpan(this, pattern), this.assertSpanCreated);
  }

  /**
   * Requires a value of a metric.
   *
   * @throws AssertionError with the nearest metric.
   */
  assertMetricRecorded(name: string, type?: MockMetricType, tags?: MetricFilter["tags"]): void {
    const pattern = {
      name,
      ...(type === undefined ? {} : { type }),
      ...(tags === undefined ? {} : { tags }),
    };
    requireOutcome(checkMetric(this, pattern), this.assertMetricRecorded);
  }

  /**
   * Requires that all tags keep to the published conventions.
   *
   * @throws AssertionError that lists those that do not.
   */
  assertValidTags(): void {
    const violations = this.getTagViolations();
    if (violations.length === 0) return;
    const lines = violations.map(({ subject, tag, reason }) => `  ${subject}: ${tag} ${reason}`);
    const message = [`${violations.length} tags break the conventions:`, ...lines].join("\n");
    throw new AssertionError({ message, stackStartFn: this.assertValidTags });
  }

  /** Forgets everything. */
  reset(): void {
    for (const list of [
      this.#spans,
      this.#metrics,
      this.#events,
      this.#serviceChecks,
      this.#suppressedTags,
    ])
      list.clear();
  }
}
