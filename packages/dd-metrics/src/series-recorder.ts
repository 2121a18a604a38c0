import { InvalidMetricNameError } from "@llmdevops/dd-core";
import { ContextCache } from "./aggregation/context-cache.ts";
import type { MetricContext, MetricType } from "./aggregation/metric-context.ts";
import { boundedTags } from "./bounded-tags.ts";
import { otherValue } from "./cardinality/cardinality-guard.ts";
import { normalizeMetricName } from "./metric-name.ts";
import { type MetricCallOptions, type MetricSettings, metricSettings } from "./metric-settings.ts";
import { formatTags, keyOf, mergeTags, type TagSettings } from "./metric-tags.ts";
import { checkedNumber, checkedSetValue } from "./metric-value.ts";
import type { MetricsPipeline, SeriesFields } from "./metrics-pipeline.ts";
import { readTags, type TagEntry, type Tags } from "./tag-entries.ts";
import { byteLength } from "./unified-tags.ts";

/** Combinations of type, sample rate and cardinality that are remembered. */
const maximumCaches = 32;
const metricTypes: readonly MetricType[] = ["c", "g", "h", "d", "ms", "s"];

/** The name and tags that a scope adds. */
export interface SeriesPrefix {
  readonly prefix: string;
  /** Formatted. */
  readonly tags: readonly string[];
}

/** Brings calls of one scope to their series. No method throws. */
export class SeriesRecorder {
  readonly pipeline: MetricsPipeline;
  readonly scope: SeriesPrefix;
  readonly #tagSettings: TagSettings;
  readonly #caches = new Map<string, ContextCache>();
  #generation: number;

  constructor(pipeline: MetricsPipeline, scope: SeriesPrefix) {
    this.pipeline = pipeline;
    this.scope = scope;
    this.#generation = pipeline.generation;
    const { maximumBytes, ...settings } = pipeline.tagSettings;
    this.#tagSettings = { ...settings, maximumBytes: maximumBytes - byteLength(scope.tags) };
    for (const type of metricTypes) this.#caches.set(type, this.#createCache(type, {}));
  }

  /** The cache for calls without options. */
  cache(type: MetricType): ContextCache {
    return this.#caches.get(type) ?? this.#createCache(type, {});
  }

  /** Records a number; the usual way, which has to be quick. */
  record(
    cache: ContextCache,
    type: MetricType,
    name: string,
    value: number,
    tags: Tags | undefined,
    options: MetricCallOptions | undefined,
  ): void {
    const { pipeline } = this;
    if (
      options !== undefined ||
      typeof value !== "number" ||
      // Not a number, or infinite.
      value - value !== 0 ||
      pipeline.generation !== this.#generation ||
      !pipeline.isOpen
    ) {
      this.recordCarefully(type, name, value, tags, options);
      return;
    }
    try {
      const context = cache.find(name, tags);
      if (context !== undefined) pipeline.aggregator.add(context, value);
    } catch {
      pipeline.foundation.diagnostics.count("metric_unreadable");
    }
  }

  /** Records any value with any options. */
  recordCarefully(
    type: MetricType,
    name: string,
    value: unknown,
    tags: Tags | undefined,
    options: MetricCallOptions | undefined,
  ): void {
    this.guarded(() => {
      const { diagnostics, guard } = this.pipeline.foundation;
      const checked = type === "s" ? checkedSetValue(value, guard) : checkedNumber(value);
      if ("refused" in checked) return diagnostics.count(checked.refused);
      const settings = metricSettings(type, options ?? undefined, diagnostics);
      if (settings === undefined) return diagnostics.count("metric_sampled_out");
      const context = this.context(type, name, tags, settings);
      const rate = settings.sampleRate ?? 1;
      if (context === undefined || (rate < 1 && this.pipeline.chance() >= rate)) return;
      this.#add(context, checked.value, settings);
    });
  }

  /** Does something unless the client is closed; what it throws is counted. */
  guarded(action: () => void): void {
    const { diagnostics } = this.pipeline.foundation;
    if (!this.pipeline.isOpen) {
      diagnostics.count(this.pipeline.refusal);
      return;
    }
    try {
      action();
    } catch {
      // A value that cannot even be turned into text, for example an object without prototype.
      diagnostics.count("metric_unreadable");
    }
  }

  /** Finds the series of a call. @returns `undefined` when the name cannot be used, which is counted. */
  context(
    type: MetricType,
    name: string,
    tags: Tags | undefined,
    settings: MetricSettings = {},
  ): MetricContext | undefined {
    this.#forgetOldDecisions();
    const { sampleRate = 1, cardinality = "" } = settings;
    const key =
      sampleRate === 1 && cardinality === "" ? type : `${type}|${sampleRate}|${cardinality}`;
    let cache = this.#caches.get(key);
    if (cache === undefined) {
      cache = this.#createCache(type, settings);
      if (this.#caches.size < maximumCaches) this.#caches.set(key, cache);
    }
    return cache.find(name, tags);
  }

  /** Formats the tags of an event or a service check, the scope's included. */
  messageTags(tags: Tags | undefined): string {
    const { guard, diagnostics } = this.#tagSettings;
    const entries = readTags(tags, guard, diagnostics);
    const own = mergeTags(this.scope.tags, formatTags(entries, this.#tagSettings));
    const all = this.pipeline.allTags(own);
    return all.length === 0 ? "" : `|#${all.join(",")}`;
  }

  #add(context: MetricContext, value: number | string, settings: MetricSettings): void {
    const { aggregator } = this.pipeline;
    const { timestamp, aggregate } = settings;
    if (timestamp !== undefined) {
      // The Agent does not add up values with a time either (protocol 1.3).
      aggregator.writeNow(context, String(value), `|T${timestamp}`);
    } else if (aggregate === false) aggregator.writeNow(context, String(value));
    else if (typeof value === "string") aggregator.addUnique(context, value);
    else aggregator.add(context, value);
  }

  #createCache(type: MetricType, settings: MetricSettings): ContextCache {
    const { sampleRate, cardinality } = settings;
    const { guard, diagnostics } = this.#tagSettings;
    return new ContextCache(this.pipeline.cardinality, {
      read: (tags) => readTags(tags, guard, diagnostics),
      resolve: (name, tags) => this.#resolve(name, tags, { type, sampleRate, cardinality }),
    });
  }

  #resolve(
    name: string,
    tags: readonly TagEntry[],
    fields: Pick<SeriesFields, "type" | "sampleRate" | "cardinality">,
  ): MetricContext | undefined {
    const { pipeline } = this;
    // Guarded first: repairing an address would leave it readable and no longer recognisable.
    const whole =
      typeof name === "string"
        ? `${this.scope.prefix}${pipeline.foundation.guard.text(name, "metrics")}`
        : name;
    const metricName = name === "" ? undefined : normalizeMetricName(whole);
    if (metricName === undefined) return this.#refuseName();
    const bounded = boundedTags(tags, pipeline.cardinality, this.#tagSettings, name, true);
    const written = mergeTags(this.scope.tags, formatTags(bounded, this.#tagSettings));
    const series: SeriesFields = { ...fields, name: metricName, tags: written };
    return pipeline.context(series, () => ({
      ...series,
      tags: formatTags(
        [...new Set(written.map(keyOf))].map((key) => [key, otherValue]),
        pipeline.tagSettings,
      ),
    }));
  }

  #refuseName(): undefined {
    this.pipeline.foundation.diagnostics.fault(
      "invalid_metric_name",
      new InvalidMetricNameError(
        "A metric name must start with a letter and hold letters, digits, underscores and dots; the value was dropped.",
      ),
    );
    return undefined;
  }

  #forgetOldDecisions(): void {
    if (this.#generation === this.pipeline.generation) return;
    this.#generation = this.pipeline.generation;
    for (const cache of this.#caches.values()) cache.clear();
  }
}
