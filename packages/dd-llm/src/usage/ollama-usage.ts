import type { UnknownRecord } from "../formats/unknown-record.ts";
import { completeUsage, type TokenUsage, tokenCount } from "./token-usage.ts";

/** Whether counts come from Ollama's own API, where they stand in the answer itself. */
export function isOllamaUsage(usage: UnknownRecord): boolean {
  return "prompt_eval_count" in usage || "eval_count" in usage;
}

/** Usage of Ollama's own API (https://github.com/ollama/ollama/blob/main/docs/api.md). */
export function readOllamaUsage(usage: UnknownRecord): TokenUsage {
  return completeUsage({
    inputTokens: tokenCount(usage["prompt_eval_count"]),
    outputTokens: tokenCount(usage["eval_count"]),
  });
}
