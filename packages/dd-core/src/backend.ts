export type { LinkReport } from "./dd-trace/link-report.ts";
export type {
  BackendAnnotation,
  BackendContext,
  BackendContextDescription,
  BackendLink,
  BackendSpan,
  BackendSpanRequest,
  CapturedScope,
  SamplingDecision,
  TracerBackend,
} from "./dd-trace/tracer-backend.ts";
export { createTracingOn } from "./tracing/create-tracing-on.ts";
