import {
  arrayAt,
  isRecord,
  recordAt,
  recordsOf,
  type UnknownRecord,
} from "../formats/unknown-record.ts";
import {
  audioLength,
  completeUsage,
  sumOfCounts,
  type TokenUsage,
  tokenCount,
} from "./token-usage.ts";

/**
 * Usage in camel case: our own normal form, the AI SDK's (`inputTokenDetails`,
 * https://ai-sdk.dev/docs/reference/ai-sdk-core/generate-text), that of OpenAI's Agents SDK (`inputTokensDetails`), or
 * Amazon Bedrock's and the Claude Agent SDK's, which have the names of the normal form but leave the cache out of
 * `inputTokens` (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html).
 */
export function readCamelCaseUsage(usage: UnknownRecord): TokenUsage {
  const inputDetails = recordAt(usage, "inputTokenDetails");
  const outputDetails = recordAt(usage, "outputTokenDetails");
  const inputParts = partsOf(usage["inputTokensDetails"]);
  const outputParts = partsOf(usage["outputTokensDetails"]);
  const input = tokenCount(usage["inputTokens"]);
  const output = tokenCount(usage["outputTokens"]);
  const total = tokenCount(usage["totalTokens"]);
  const read =
    tokenCount(usage["cacheReadInputTokens"]) ??
    tokenCount(inputDetails["cacheReadTokens"]) ??
    tokenCount(usage["cachedInputTokens"]) ??
    sumOf(inputParts, "cached_tokens");
  const writtenByClaude = tokenCount(usage["cacheCreationInputTokens"]);
  const written =
    tokenCount(usage["cacheWriteInputTokens"]) ??
    writtenByClaude ??
    tokenCount(inputDetails["cacheWriteTokens"]) ??
    sumOf(inputParts, "cache_write_tokens");
  const cached = (read ?? 0) + (written ?? 0);
  // Bedrock is told by its own arithmetic: only there the cache stands beside the input, in the total or by its size.
  const isBeside =
    input !== undefined &&
    cached > 0 &&
    (total === input + (output ?? 0) + cached || writtenByClaude !== undefined);
  const isLarger = input !== undefined && cached > input;
  const excludesCache = isBeside || isLarger;
  return completeUsage({
    inputTokens: excludesCache ? (input ?? 0) + cached : input,
    outputTokens: output,
    // A total that has no room for the cache is none.
    totalTokens: isLarger && !isBeside ? undefined : total,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
    cacheWrite5mInputTokens:
      tokenCount(usage["cacheWrite5mInputTokens"]) ?? writtenFor(usage, "5m"),
    cacheWrite1hInputTokens:
      tokenCount(usage["cacheWrite1hInputTokens"]) ?? writtenFor(usage, "1h"),
    reasoningOutputTokens:
      tokenCount(usage["reasoningOutputTokens"]) ??
      tokenCount(outputDetails["reasoningTokens"]) ??
      tokenCount(usage["reasoningTokens"]) ??
      sumOf(outputParts, "reasoning_tokens"),
    inputAudioTokens: tokenCount(usage["inputAudioTokens"]),
    cacheReadAudioInputTokens: tokenCount(usage["cacheReadAudioInputTokens"]),
    outputAudioTokens: tokenCount(usage["outputAudioTokens"]),
    inputImageTokens: tokenCount(usage["inputImageTokens"]),
    cacheReadImageInputTokens: tokenCount(usage["cacheReadImageInputTokens"]),
    outputImageTokens: tokenCount(usage["outputImageTokens"]),
    citationOutputTokens: tokenCount(usage["citationOutputTokens"]),
    inputAudioSeconds: audioLength(usage["inputAudioSeconds"]),
    webSearchRequests: tokenCount(usage["webSearchRequests"]),
  });
}

/** One object, or one for each request of a run. */
function partsOf(details: unknown): readonly UnknownRecord[] {
  if (Array.isArray(details)) return recordsOf(details);
  return isRecord(details) ? [details] : [];
}

function sumOf(parts: readonly UnknownRecord[], key: string): number | undefined {
  return sumOfCounts(...parts.map((part) => tokenCount(part[key])));
}

/** Amazon Bedrock's division of the cache writes by how long they are kept. */
function writtenFor(usage: UnknownRecord, ttl: string): number | undefined {
  const details = recordsOf(arrayAt(usage, "cacheDetails")).filter(
    (detail) => detail["ttl"] === ttl,
  );
  return sumOfCounts(...details.map(({ inputTokens }) => tokenCount(inputTokens)));
}
