import { internalModule } from "../../src/dd-trace/internal-module.ts";
import { callMethod, readPath } from "../../src/dd-trace/untyped.ts";

/** What dd-trace has counted of LLM Observability's spans for its telemetry, and not sent yet. */
export function countedSpans(): readonly string[] {
  const manager = readPath(internalModule("dd-trace/src/telemetry/metrics.js"), "manager");
  const metrics = readPath(callMethod(manager, "namespace", "mlobs"), "metrics");
  const keys = [...(metrics as ReadonlyMap<string, unknown>).keys()];
  return keys.filter((key) => /span\.start|span\.finished|annotations/.test(key));
}
