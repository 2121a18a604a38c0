import type { JsonObject } from "../json-value.ts";
import { ownValue } from "../json-value.ts";
import { type PlannedToolCall, type ReplyPlan, toolCallId } from "../reply-plan.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { responsesUsage } from "./openai-usage.ts";

const incompleteReasons: ReadonlyMap<string, string> = new Map([
  ["length", "max_output_tokens"],
  ["content_filter", "content_filter"],
]);

/** Why a response stays incomplete; undefined when it completes. */
function incompleteReason(plan: ReplyPlan): string | undefined {
  return incompleteReasons.get(plan.finishReason);
}

/** The last state of a response that does not fail. */
export function closedStatus(plan: ReplyPlan): "completed" | "incomplete" {
  return incompleteReason(plan) === undefined ? "completed" : "incomplete";
}

/** A reasoning item; without a summary where only reasoning tokens are scripted. */
export function reasoningItem(plan: ReplyPlan, summary: string): JsonObject {
  return {
    id: wireIdentifier("rs_", plan.sequence),
    type: "reasoning",
    summary: summary === "" ? [] : [{ type: "summary_text", text: summary }],
  };
}

/** The text part of a message item. */
export function textPart(text: string): JsonObject {
  return { type: "output_text", annotations: [], logprobs: [], text };
}

/** A message item. */
export function messageItem(plan: ReplyPlan, status: string, content: JsonObject[]): JsonObject {
  const id = wireIdentifier("msg_", plan.sequence);
  return { id, type: "message", status, content, role: "assistant" };
}

/** A function call item with the argument text given. */
export function functionCallItem(
  plan: ReplyPlan,
  call: PlannedToolCall,
  status: string,
  argumentText: string,
): JsonObject {
  return {
    id: wireIdentifier("fc_", plan.sequence, call.index),
    type: "function_call",
    status,
    arguments: argumentText,
    call_id: toolCallId(plan, call, "call_"),
    name: call.name,
  };
}

/** Whether the response holds a reasoning item. */
export function hasReasoning(plan: ReplyPlan): boolean {
  return plan.thinking !== "" || plan.usage.reasoningTokens > 0;
}

/** All items of a finished response: reasoning, message, function calls. */
function outputItems(plan: ReplyPlan): JsonObject[] {
  const items: JsonObject[] = [];
  if (hasReasoning(plan)) items.push(reasoningItem(plan, plan.thinking));
  if (plan.text !== "") items.push(messageItem(plan, closedStatus(plan), [textPart(plan.text)]));
  for (const call of plan.toolCalls) {
    items.push(functionCallItem(plan, call, "completed", call.argumentText));
  }
  return items;
}

/** A response before it is finished; settings of the request come back in it. */
export function openResponse(plan: ReplyPlan): JsonObject {
  const asked = (name: string, otherwise: unknown): unknown =>
    ownValue(plan.request, name) ?? otherwise;
  return {
    id: wireIdentifier("resp_", plan.sequence),
    object: "response",
    created_at: Math.floor(plan.createdMs / 1000),
    status: "in_progress",
    background: false,
    completed_at: null,
    error: null,
    frequency_penalty: 0,
    incomplete_details: null,
    instructions: asked("instructions", null),
    max_output_tokens: asked("max_output_tokens", null),
    max_tool_calls: asked("max_tool_calls", null),
    model: plan.model,
    moderation: null,
    output: [],
    parallel_tool_calls: asked("parallel_tool_calls", true),
    presence_penalty: 0,
    previous_response_id: asked("previous_response_id", null),
    ...(asked("prompt", null) === null ? {} : { prompt: asked("prompt", null) }),
    prompt_cache_key: asked("prompt_cache_key", null),
    prompt_cache_retention: asked("prompt_cache_retention", null),
    reasoning: {
      context: null,
      effort: null,
      summary: null,
      ...(asked("reasoning", {}) as JsonObject),
    },
    safety_identifier: asked("safety_identifier", null),
    service_tier: asked("service_tier", "auto"),
    store: asked("store", true),
    temperature: asked("temperature", 1),
    text: { format: { type: "text" }, verbosity: "medium", ...(asked("text", {}) as JsonObject) },
    tool_choice: asked("tool_choice", "auto"),
    tools: asked("tools", []),
    top_logprobs: asked("top_logprobs", 0),
    top_p: asked("top_p", 1),
    truncation: asked("truncation", "disabled"),
    usage: null,
    user: asked("user", null),
    metadata: asked("metadata", {}),
  };
}

/** A finished response. */
export function closedResponse(plan: ReplyPlan): JsonObject {
  const reason = incompleteReason(plan);
  return {
    ...openResponse(plan),
    status: closedStatus(plan),
    completed_at: reason === undefined ? Math.floor(plan.createdMs / 1000) : null,
    incomplete_details: reason === undefined ? null : { reason },
    service_tier: "default",
    output: outputItems(plan),
    usage: responsesUsage(plan.usage),
  };
}
