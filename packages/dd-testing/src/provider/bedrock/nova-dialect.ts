import type { JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import { uncachedInput } from "./bedrock-usage.ts";
import { converseEvents, converseMessage, converseStopReason } from "./converse-message.ts";
import type { InvokeChunk, InvokeDialect } from "./invoke-dialect.ts";

function usage(plan: ReplyPlan): JsonObject {
  return {
    inputTokens: uncachedInput(plan.usage),
    outputTokens: plan.usage.outputTokens,
    cacheReadInputTokenCount: plan.usage.cacheReadTokens,
    cacheWriteInputTokenCount: plan.usage.cacheWriteTokens,
  };
}

function* chunks(plan: ReplyPlan): Generator<InvokeChunk> {
  for (const { name, payload, kind } of converseEvents(plan)) {
    yield { value: { [name]: payload }, kind };
  }
  yield { value: { metadata: { usage: usage(plan), metrics: {}, trace: {} } }, kind: "closing" };
}

/**
 * Writes Amazon Nova, which answers InvokeModel nearly as it does Converse.
 *
 * Source: https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
 */
export const novaDialect: InvokeDialect = {
  body: (plan) => ({
    output: { message: converseMessage(plan) },
    stopReason: converseStopReason(plan),
    usage: { ...usage(plan), totalTokens: plan.usage.inputTokens + plan.usage.outputTokens },
  }),
  chunks,
};
