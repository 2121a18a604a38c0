import { safeEntries, safeText } from "../guard/safe-read.ts";
import type { LLMObservabilityKind, LLMObservabilitySpanOptions } from "../span/span.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { portableSessionId } from "./session-id.ts";

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
  const fields = Object.fromEntries(safeEntries(observed));
  const kind = kinds.find((known) => known === fields["kind"]);
  if (kind === undefined) {
    diagnostics.count("llmobs_kind_unknown");
    return undefined;
  }
  const texts = textFields
    .filter((field) => fields[field] !== undefined && fields[field] !== null)
    // dd-trace drops the whole event for a field that is not text.
    .map((field) => [field, guard.text(safeText(fields[field]))] as const);
  const observation = { kind, ...Object.fromEntries(texts) };
  const { sessionId } = observation as LLMObservabilitySpanOptions;
  if (sessionId === undefined) return observation;
  const portable = portableSessionId(sessionId);
  if (portable !== sessionId) diagnostics.count("llmobs_session_id_replaced");
  return { ...observation, sessionId: portable };
}
