import { isRecord, recordAt, type UnknownRecord } from "../formats/unknown-record.ts";
import { completeUsage, type TokenUsage, tokenCount } from "./token-usage.ts";

/** Whether counts come from Cohere's own API. */
export function isCohereUsage(usage: UnknownRecord): boolean {
  return isRecord(usage["billed_units"]) || isRecord(usage["tokens"]);
}

/**
 * Usage of Cohere's own API: what it charges for, else what the model has processed, which includes what Cohere adds
 * itself (https://docs.cohere.com/v2/docs/how-does-cohere-pricing-work).
 */
export function readCohereUsage(usage: UnknownRecord): TokenUsage {
  const billed = recordAt(usage, "billed_units");
  const processed = recordAt(usage, "tokens");
  return completeUsage({
    inputTokens: tokenCount(billed["input_tokens"]) ?? tokenCount(processed["input_tokens"]),
    outputTokens: tokenCount(billed["output_tokens"]) ?? tokenCount(processed["output_tokens"]),
    cacheReadInputTokens: tokenCount(usage["cached_tokens"]),
    inputImageTokens: tokenCount(billed["image_tokens"]),
  });
}
