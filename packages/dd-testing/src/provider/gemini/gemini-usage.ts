import type { JsonObject } from "../json-value.ts";
import { onlyFields, type TokenUsage } from "../token-usage.ts";

/** What a client of the Gemini API can learn of a usage. */
export function geminiCarried(usage: TokenUsage): TokenUsage {
  return onlyFields(usage, [
    "inputTokens",
    "outputTokens",
    "cacheReadTokens",
    "reasoningTokens",
    "toolUsePromptTokens",
  ]);
}

function present(name: string, count: number): JsonObject {
  return count > 0 ? { [name]: count } : {};
}

/**
 * Writes `usageMetadata`. Thoughts and tool results are beside the candidate and prompt counts, and
 * counts that are zero are left out.
 *
 * Source: https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function usageMetadata(usage: TokenUsage): JsonObject {
  const promptTokens = usage.inputTokens - usage.toolUsePromptTokens;
  return {
    promptTokenCount: promptTokens,
    ...present("cachedContentTokenCount", usage.cacheReadTokens),
    ...present("candidatesTokenCount", usage.outputTokens - usage.reasoningTokens),
    ...present("toolUsePromptTokenCount", usage.toolUsePromptTokens),
    ...present("thoughtsTokenCount", usage.reasoningTokens),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: promptTokens }],
    serviceTier: "standard",
  };
}
