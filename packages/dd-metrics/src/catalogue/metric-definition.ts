/** What kind of metric it is in Datadog. */
export type CatalogueType = "count" | "gauge" | "distribution";

/** A metric that the packages emit. */
export interface MetricDefinition {
  readonly name: string;
  /** Distributions of times are histograms where the option `durationMetricType` says so. */
  readonly type: CatalogueType;
  /** In Datadog's terms (https://docs.datadoghq.com/metrics/units/). */
  readonly unit: string;
  /** Keys of tags that it may carry besides the client's own. */
  readonly tags: readonly string[];
  readonly description: string;
  /** The package that emits it. */
  readonly source: "dd-core" | "dd-llm" | "dd-agent";
}
