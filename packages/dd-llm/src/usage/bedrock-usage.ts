import type { UnknownRecord } from "../formats/unknown-record.ts";
import { completeUsage, sumOfCounts, type TokenUsage, tokenCount } from "./token-usage.ts";

const fields = [
  "inputTokenCount",
  "outputTokenCount",
  "cacheReadInputTokenCount",
  "cacheWriteInputTokenCount",
  "inputTextTokenCount",
  "totalOutputTextTokenCount",
  "prompt_token_count",
  "generation_token_count",
];

/** Whether counts come from an answer of Amazon Bedrock's InvokeModel that has names of its own. */
export function isBedrockUsage(usage: UnknownRecord): boolean {
  return fields.some((field) => field in usage);
}

/**
 * Usage as Amazon Bedrock's InvokeModel counts it, where the cache is beside the input
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html): Amazon Nova, the
 * `amazon-bedrock-invocationMetrics` that end every stream, Amazon Titan, and Meta Llama.
 */
export function readBedrockUsage(usage: UnknownRecord): TokenUsage {
  const read =
    tokenCount(usage["cacheReadInputTokenCount"]) ?? tokenCount(usage["cacheReadInputTokens"]);
  const written =
    tokenCount(usage["cacheWriteInputTokenCount"]) ?? tokenCount(usage["cacheWriteInputTokens"]);
  const uncached =
    tokenCount(usage["inputTokens"]) ??
    tokenCount(usage["inputTokenCount"]) ??
    tokenCount(usage["inputTextTokenCount"]) ??
    tokenCount(usage["prompt_token_count"]);
  return completeUsage({
    inputTokens: uncached === undefined ? undefined : sumOfCounts(uncached, read, written),
    outputTokens:
      tokenCount(usage["outputTokens"]) ??
      tokenCount(usage["outputTokenCount"]) ??
      tokenCount(usage["totalOutputTextTokenCount"]) ??
      tokenCount(usage["generation_token_count"]),
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
  });
}
