import type { JsonObject } from "../json-value.ts";
import { type ReplyPlan, spellFinishReason, toolCallId } from "../reply-plan.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { messageUsage } from "./anthropic-usage.ts";

const stopReasons: ReadonlyMap<string, string> = new Map([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["tool_calls", "tool_use"],
  ["content_filter", "refusal"],
]);

/** The Messages API's word for why the model stopped. */
export function stopReason(plan: ReplyPlan): string {
  return spellFinishReason(plan.finishReason, stopReasons);
}

/** An opaque signature, as clients must hand thinking blocks back with one. */
export function thinkingSignature(plan: ReplyPlan): string {
  return Buffer.from(`signature of request ${plan.sequence}`).toString("base64");
}

/** The content blocks of a message: thinking, then text, then tool calls. */
function contentBlocks(plan: ReplyPlan): JsonObject[] {
  const blocks: JsonObject[] = [];
  if (plan.thinking !== "") {
    blocks.push({
      type: "thinking",
      thinking: plan.thinking,
      signature: thinkingSignature(plan),
    });
  }
  if (plan.text !== "") blocks.push({ type: "text", text: plan.text });
  for (const call of plan.toolCalls) {
    blocks.push({
      type: "tool_use",
      id: toolCallId(plan, call, "toolu_01"),
      name: call.name,
      input: call.argumentValue,
      caller: { type: "direct" },
    });
  }
  return blocks;
}

/** The fields a message and the `message_start` of a stream have in common. */
export function messageShell(plan: ReplyPlan): JsonObject {
  return {
    model: plan.model,
    id: wireIdentifier("msg_01", plan.sequence),
    type: "message",
    role: "assistant",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
  };
}

/** Writes the message in one piece. */
export function messageBody(plan: ReplyPlan): JsonObject {
  return {
    ...messageShell(plan),
    content: contentBlocks(plan),
    stop_reason: stopReason(plan),
    usage: messageUsage(plan.usage),
  };
}
