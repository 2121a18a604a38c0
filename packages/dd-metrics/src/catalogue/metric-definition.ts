/** What kind of metric it is in Datadog. */
export type CatalogueType = "count" | "gauge" | "distribution";

/** A metric that the packages emit. */
export interface MetricDefinition {
  /** Name on the wire, such as `llm.request.count`. */
  readonly name: string;
  /** Distributions of times are histograms where the option `durationMetricType` says so. */
  readonly type: CatalogueType;
  /** In Datadog's terms (https://docs.datadoghq.com/metrics/units/). */
  readonly unit: string;
  /** Keys of tags that it may carry besides the client's own. */
  readonly tags: readonly string[];
  /** One sentence about what is measured, as it stands in the metrics catalogue. */
  readonly description: string;
  /** The package that emits it. */
  readonly source: "dd-core" | "dd-llm" | "dd-agent";
}
