export { createMetrics, type MetricsClientOptions } from "./create-metrics.ts";
export {
  type DogStatsDAddress,
  type DogStatsDOptions,
  resolveDogStatsDAddress,
} from "./dogstatsd-address.ts";
export type { EventOptions } from "./event-options.ts";
export { normalizeMetricName } from "./metric-name.ts";
export type { Metrics } from "./metrics.ts";
export type { ServiceCheckOptions, ServiceCheckStatus } from "./service-check-options.ts";
