import type { JsonObject } from "../json-value.ts";
import { type PlannedToolCall, type ReplyPlan, toolCallId } from "../reply-plan.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { chatUsage } from "./openai-usage.ts";

/** The first fields of a completion and of each of its chunks. */
export function chatShell(plan: ReplyPlan, object: string): JsonObject {
  return {
    id: wireIdentifier("chatcmpl-", plan.sequence),
    object,
    created: Math.floor(plan.createdMs / 1000),
    model: plan.model,
  };
}

/** A tool call with the argument text given. */
export function chatToolCall(
  plan: ReplyPlan,
  call: PlannedToolCall,
  argumentText: string,
): JsonObject {
  return {
    id: toolCallId(plan, call, "call_"),
    type: "function",
    function: { name: call.name, arguments: argumentText },
  };
}

/** Writes a chat completion in one piece. */
export function chatBody(plan: ReplyPlan): JsonObject {
  const toolCalls = plan.toolCalls.map((call) => chatToolCall(plan, call, call.argumentText));
  const message = {
    role: "assistant",
    content: plan.text === "" && toolCalls.length > 0 ? null : plan.text,
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    refusal: null,
    annotations: [],
  };
  return {
    ...chatShell(plan, "chat.completion"),
    choices: [{ index: 0, message, logprobs: null, finish_reason: plan.finishReason }],
    usage: chatUsage(plan.usage),
    service_tier: "default",
    system_fingerprint: "fp_0000000000",
  };
}
