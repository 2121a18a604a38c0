/**
 * The tracing client on another tracer than dd-trace, such as the one in memory of `@llmdevops/dd-testing`. It is an
 * internal seam: its types may change in a minor version.
 *
 * @module
 */
export type { LinkReport } from "./dd-trace/link-report.ts";
export type {
  BackendAnnotation,
  BackendContext,
  BackendContextDescription,
  BackendLink,
  BackendSpan,
  BackendSpanOptions,
  CapturedScope,
  SamplingDecision,
  TracerBackend,
} from "./dd-trace/tracer-backend.ts";
export { createTracingOn } from "./tracing/create-tracing-on.ts";
