import type { JsonObject } from "../json-value.ts";
import { onlyFields, type TokenUsage } from "../token-usage.ts";

/** What a client of Bedrock can learn of a usage. */
export function bedrockCarried(usage: TokenUsage): TokenUsage {
  return onlyFields(usage, ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens"]);
}

/** The prompt's tokens beside the cache, which is how Bedrock counts them everywhere. */
export function uncachedInput(usage: TokenUsage): number {
  return usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens;
}

/**
 * Writes the `usage` of Converse; the cache is beside `inputTokens` and within `totalTokens`.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html and
 * https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
export function converseUsage(usage: TokenUsage): JsonObject {
  const cached = usage.cacheReadTokens + usage.cacheWriteTokens > 0;
  return {
    inputTokens: uncachedInput(usage),
    outputTokens: usage.outputTokens,
    totalTokens: usage.inputTokens + usage.outputTokens,
    serverToolUsage: {},
    ...(cached
      ? {
          cacheReadInputTokens: usage.cacheReadTokens,
          cacheWriteInputTokens: usage.cacheWriteTokens,
        }
      : {}),
  };
}

/** The counts Bedrock adds to the last chunk of every InvokeModel stream. */
export function invocationMetrics(usage: TokenUsage): JsonObject {
  const cached = usage.cacheReadTokens + usage.cacheWriteTokens > 0;
  return {
    "amazon-bedrock-invocationMetrics": {
      inputTokenCount: uncachedInput(usage),
      outputTokenCount: usage.outputTokens,
      invocationLatency: 1,
      firstByteLatency: 1,
      ...(cached
        ? {
            cacheReadInputTokenCount: usage.cacheReadTokens,
            cacheWriteInputTokenCount: usage.cacheWriteTokens,
          }
        : {}),
    },
  };
}

/** The same counts as headers of an InvokeModel answer in one piece. */
export function invocationHeaders(usage: TokenUsage): Record<string, string> {
  const cached = usage.cacheReadTokens + usage.cacheWriteTokens > 0;
  return {
    "x-amzn-bedrock-input-token-count": String(uncachedInput(usage)),
    "x-amzn-bedrock-output-token-count": String(usage.outputTokens),
    "x-amzn-bedrock-invocation-latency": "1",
    ...(cached
      ? {
          "x-amzn-bedrock-cache-read-input-token-count": String(usage.cacheReadTokens),
          "x-amzn-bedrock-cache-write-input-token-count": String(usage.cacheWriteTokens),
        }
      : {}),
  };
}
