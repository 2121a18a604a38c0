import type { JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import { onlyFields, type TokenUsage } from "../token-usage.ts";

const carried = [
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "cacheWriteOneHourTokens",
  "reasoningTokens",
] as const;

/** What a client of the Messages API can learn of a usage. */
export function anthropicCarried(usage: TokenUsage): TokenUsage {
  return onlyFields(usage, carried);
}

/** The `usage` of `message_start`: the prompt is known, one token at most is generated. */
export function openingUsage(plan: ReplyPlan): TokenUsage {
  return onlyFields(
    { ...plan.usage, outputTokens: Math.min(1, plan.usage.outputTokens) },
    carried.filter((field) => field !== "reasoningTokens"),
  );
}

function inputCounts(usage: TokenUsage): JsonObject {
  return {
    input_tokens: usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
  };
}

function reasoningCounts(usage: TokenUsage): JsonObject {
  if (usage.reasoningTokens === 0) return {};
  return { output_tokens_details: { thinking_tokens: usage.reasoningTokens } };
}

/** Writes the `usage` of a message. */
export function messageUsage(usage: TokenUsage): JsonObject {
  return {
    ...inputCounts(usage),
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWriteTokens - usage.cacheWriteOneHourTokens,
      ephemeral_1h_input_tokens: usage.cacheWriteOneHourTokens,
    },
    output_tokens: usage.outputTokens,
    ...reasoningCounts(usage),
    service_tier: "standard",
    inference_geo: "not_available",
  };
}

/** Writes the cumulative `usage` of `message_delta`, which has no split by cache lifetime. */
export function messageDeltaUsage(usage: TokenUsage): JsonObject {
  return {
    ...inputCounts(usage),
    output_tokens: usage.outputTokens,
    ...reasoningCounts(usage),
  };
}
