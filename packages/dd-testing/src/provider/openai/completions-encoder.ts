import type { JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import { onlyFields, type TokenUsage } from "../token-usage.ts";
import type { WireEncoder, WireEvent } from "../wire-encoder.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { openaiEnvelope, openaiErrorEvent } from "./openai-envelope.ts";
import { wantsUsageChunk } from "./stream-options.ts";

function carried(usage: TokenUsage): TokenUsage {
  return onlyFields(usage, ["inputTokens", "outputTokens"]);
}

function usageOf({ usage }: ReplyPlan): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

function completion(plan: ReplyPlan, choices: JsonObject[], usage: JsonObject): JsonObject {
  return {
    id: wireIdentifier("cmpl-", plan.sequence),
    object: "text_completion",
    created: Math.floor(plan.createdMs / 1000),
    model: plan.model,
    choices,
    ...usage,
  };
}

function choice(text: string, finishReason: string | null): JsonObject {
  return { text, index: 0, logprobs: null, finish_reason: finishReason };
}

function* completionEvents(plan: ReplyPlan): Generator<WireEvent> {
  const withUsage = wantsUsageChunk(plan);
  const usage = withUsage ? { usage: null } : {};
  for (const piece of plan.textPieces) {
    const text = serverSentEvent(completion(plan, [choice(piece, null)], usage));
    yield { text, kind: "content" };
  }
  const finish = completion(plan, [choice("", plan.finishReason)], usage);
  yield { text: serverSentEvent(finish), kind: "closing" };
  if (withUsage) {
    const text = serverSentEvent(completion(plan, [], { usage: usageOf(plan) }));
    yield { text, kind: "closing", usage: carried(plan.usage) };
  }
  yield { text: "data: [DONE]\n\n", kind: "closing" };
}

/**
 * Writes the older OpenAI Completions, which know nothing but text.
 *
 * Source: https://platform.openai.com/docs/api-reference/completions
 */
export const completionsEncoder: WireEncoder = {
  ...openaiEnvelope,
  body: (plan) => ({
    value: completion(plan, [choice(plan.text, plan.finishReason)], { usage: usageOf(plan) }),
    usage: carried(plan.usage),
  }),
  events: completionEvents,
  errorEvent: (failure) => openaiErrorEvent(failure.error),
};
