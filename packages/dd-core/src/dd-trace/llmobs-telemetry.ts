import { internalModule } from "./internal-module.ts";
import { readPath } from "./untyped.ts";

/** What dd-trace counts of each span. */
const counters = [
  "incrementLLMObsSpanStartCount",
  "incrementLLMObsSpanFinishedCount",
  "recordLLMObsAnnotate",
] as const;

/** Whether dd-trace sends how its SDK is used to Datadog; unknown counts as yes. */
export function countsForTelemetry(tracer: unknown): boolean {
  const variable = "DD_INSTRUMENTATION_TELEMETRY_ENABLED";
  return readPath(tracer, "_tracer", "_config", "telemetry", variable) !== false;
}

/**
 * Where dd-trace sends nothing of how its SDK is used, it counts it all the same, by keys that it builds anew for each
 * span: a sixth of what `llmobs.trace` and `annotate` cost.
 */
export function countNothingInVain(tracer: unknown): void {
  if (countsForTelemetry(tracer)) return;
  const telemetry = internalModule("dd-trace/src/llmobs/telemetry.js");
  if (typeof telemetry !== "object" || telemetry === null) return;
  for (const counter of counters) {
    if (typeof readPath(telemetry, counter) === "function") {
      Reflect.set(telemetry, counter, () => {});
    }
  }
}
