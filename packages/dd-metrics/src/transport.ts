export { createMetricsOn } from "./create-metrics-on.ts";
export type { MetricsTransport } from "./metrics-transport.ts";
