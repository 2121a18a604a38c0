import type { JsonObject } from "../json-value.ts";
import { onlyFields, type TokenUsage } from "../token-usage.ts";

/** What a client of Chat Completions can learn of a usage. */
export function chatCarried(usage: TokenUsage): TokenUsage {
  return onlyFields(usage, [
    "inputTokens",
    "outputTokens",
    "cacheReadTokens",
    "cacheWriteTokens",
    "reasoningTokens",
    "inputAudioTokens",
    "outputAudioTokens",
  ]);
}

/** What a client of Responses can learn of a usage. */
export function responsesCarried(usage: TokenUsage): TokenUsage {
  return onlyFields(usage, [
    "inputTokens",
    "outputTokens",
    "cacheReadTokens",
    "cacheWriteTokens",
    "reasoningTokens",
  ]);
}

/** Writes the `usage` of Chat Completions. */
export function chatUsage(usage: TokenUsage): JsonObject {
  const written = usage.cacheWriteTokens;
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      audio_tokens: usage.inputAudioTokens,
      ...(written > 0 ? { cache_write_tokens: written } : {}),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.outputAudioTokens,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** Writes the `usage` of Responses. */
export function responsesUsage(usage: TokenUsage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
