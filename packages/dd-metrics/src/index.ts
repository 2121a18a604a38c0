export type { AggregationOptions } from "./aggregation/aggregation-options.ts";
export type { CardinalityOptions } from "./cardinality/cardinality-options.ts";
export type { Suppression, SuppressionReason } from "./cardinality/tag-rule.ts";
export { metricCatalogue } from "./catalogue/metric-catalogue.ts";
export type { CatalogueType, MetricDefinition } from "./catalogue/metric-definition.ts";
export { createMetrics, type MetricsClientOptions } from "./create-metrics.ts";
export {
  type DogStatsDAddress,
  type DogStatsDOptions,
  resolveDogStatsDAddress,
} from "./delivery/dogstatsd-address.ts";
export type { EventOptions } from "./event-options.ts";
export type { Counter } from "./handles/counter.ts";
export type { MetricTimer } from "./handles/metric-timer.ts";
export type { Recorder, RecorderType } from "./handles/recorder.ts";
export { normalizeMetricName } from "./metric-name.ts";
export type { MetricCallOptions, TagCardinality } from "./metric-settings.ts";
export type { Metrics } from "./metrics.ts";
export { metricsOptionNames } from "./metrics-option-names.ts";
export type { MetricsCounts } from "./metrics-pipeline.ts";
export type { MetricsScope, ScopeOptions, TimerOptions } from "./metrics-scope.ts";
export type { RecordingOptions } from "./recording-options.ts";
export type { ServiceCheckOptions, ServiceCheckStatus } from "./service-check-options.ts";
export type { Tags } from "./tag-entries.ts";
