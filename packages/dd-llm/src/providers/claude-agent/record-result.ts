import { isRecord, recordAt, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import type { RecordedAgent } from "../agent-recorder.ts";
import { toldError } from "../told-error.ts";

/** What the model calls that were seen add up to. */
export interface SeenCalls {
  readonly costUsd: number;
  readonly tokens: number;
}

/**
 * Records what the SDK says at the end of a query, beside what its messages have added up to: it also counts calls
 * that it makes for itself, of which no message tells.
 */
export function recordResult(span: RecordedAgent, result: UnknownRecord, seen: SeenCalls): void {
  const total = result["total_cost_usd"];
  const tokens = tokensOf(recordAt(result, "modelUsage"));
  span.setTags({
    "claude.turns": result["num_turns"],
    "claude.api_duration_ms": result["duration_api_ms"],
    "claude.result": textAt(result, "subtype"),
    ...(typeof total === "number"
      ? {
          "claude.total_cost_usd": total,
          "claude.cost_difference_usd": roundedToNano(total - seen.costUsd),
        }
      : {}),
    ...(tokens === undefined
      ? {}
      : { "claude.total_tokens": tokens, "claude.token_difference": tokens - seen.tokens }),
  });
  const text = result["result"];
  if (result["is_error"] === true) {
    const isShown = span.recordsContent === true;
    span.setError(toldError(text, isShown, "ClaudeResultError", String(result["subtype"])));
  } else if (text !== undefined) span.setOutput(text);
}

/** All tokens of all models, those of caches included. */
function tokensOf(modelUsage: UnknownRecord): number | undefined {
  const models = Object.values(modelUsage).filter(isRecord);
  if (models.length === 0) return undefined;
  let sum = 0;
  for (const usage of models) {
    for (const key of [
      "inputTokens",
      "outputTokens",
      "cacheReadInputTokens",
      "cacheCreationInputTokens",
    ]) {
      const count = usage[key];
      if (typeof count === "number") sum += count;
    }
  }
  return sum;
}

function roundedToNano(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}
