/**
 * The metrics client on something else than hot-shots, such as the memory of `@llmdevops/dd-testing`.
 *
 * @module
 */
export type { SuppressedTag } from "./cardinality/cardinality-guard.ts";
export { createMetricsOn, type MetricsBackend } from "./create-metrics-on.ts";
export type { RecordingOptions } from "./recording-options.ts";
