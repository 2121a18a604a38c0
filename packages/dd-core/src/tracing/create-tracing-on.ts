import type { Foundation } from "../configuration/foundation.ts";
import type { TracerBackend } from "../dd-trace/tracer-backend.ts";
import { Tracing } from "./tracing.ts";

/**
 * Creates the tracing client on another tracer than dd-trace, for example one that keeps its spans in memory.
 *
 * Everything but the tracer is that of `createTracing`: the guard, parents, limits, time-outs, propagation headers
 * and counts.
 *
 * @param backend The tracer; what it throws is counted and never reaches the application.
 * @param foundation Settings, guard and diagnostics, from `createFoundation`.
 * @example
 * ```ts
 * import { createFoundation } from "@llmdevops/dd-core";
 * import { createTracingOn } from "@llmdevops/dd-core/backend";
 *
 * const tracing = createTracingOn(backend, createFoundation({ service: "checkout" }));
 * ```
 */
export function createTracingOn(backend: TracerBackend, foundation: Foundation): Tracing {
  return new Tracing(foundation, backend, "active");
}
