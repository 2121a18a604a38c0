export {
  type DogStatsDAddress,
  type DogStatsDOptions,
  resolveDogStatsDAddress,
} from "./dogstatsd-address.ts";
export type { EventOptions, ServiceCheckOptions, ServiceCheckStatus } from "./events.ts";
export { normalizeMetricName } from "./metric-name.ts";
export { createMetrics, type Metrics, type MetricsClientOptions } from "./metrics.ts";
