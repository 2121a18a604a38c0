import { safeRead, safeText } from "../guard/safe-read.ts";
import type { LLMObservabilityKind, LLMObservabilitySpanOptions } from "../span/span.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { portableSessionId } from "./session-id.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const kinds: readonly LLMObservabilityKind[] = [
  "llm",
  "workflow",
  "agent",
  "tool",
  "task",
  "embedding",
  "retrieval",
];
const textFields = ["name", "modelName", "modelProvider", "sessionId", "mlApp"] as const;

/** What LLM Observability is told of a span at its start, guarded; `undefined` when the kind is none it knows. */
export function guardedObservation(
  { guard, diagnostics }: SpanEnvironment,
  observed: LLMObservabilitySpanOptions | undefined,
): LLMObservabilitySpanOptions | undefined {
  if (observed === undefined || observed === null) return undefined;
  const given = safeRead(observed, "kind");
  const kind = kinds.find((known) => known === given);
  if (kind === undefined) {
    diagnostics.count("llmobs_kind_unknown");
    return undefined;
  }
  const observation: Mutable<LLMObservabilitySpanOptions> = { kind };
  for (const field of textFields) {
    const value = safeRead(observed, field);
    // dd-trace drops the whole event for a field that is not text.
    if (value !== undefined && value !== null) observation[field] = guard.text(safeText(value));
  }
  const { sessionId } = observation;
  if (sessionId === undefined) return observation;
  const portable = portableSessionId(sessionId);
  if (portable !== sessionId) diagnostics.count("llmobs_session_id_replaced");
  observation.sessionId = portable;
  return observation;
}
