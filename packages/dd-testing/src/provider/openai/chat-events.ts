import type { JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { WireEvent } from "../wire-encoder.ts";
import { chatShell, chatToolCall } from "./chat-body.ts";
import { chatCarried, chatUsage, wantsUsageChunk } from "./openai-usage.ts";

function* toolCallEvents(
  plan: ReplyPlan,
  opened: boolean,
  chunk: (delta: JsonObject, kind: WireEvent["kind"]) => WireEvent,
): Generator<WireEvent> {
  for (const call of plan.toolCalls) {
    if (!opened) {
      const toolCall = { index: call.index, ...chatToolCall(plan, call, "") };
      yield chunk({ tool_calls: [toolCall] }, "framing");
    }
    for (const piece of call.pieces) {
      const toolCall = { index: call.index, function: { arguments: piece } };
      yield chunk({ tool_calls: [toolCall] }, "content");
    }
  }
}

/**
 * Writes a chat completion as a stream of chunks.
 *
 * The first chunk carries only the role; a single tool call without text is opened in that same
 * chunk, as the API does.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat-streaming
 */
export function* chatEvents(plan: ReplyPlan): Generator<WireEvent> {
  const withUsage = wantsUsageChunk(plan);
  const shell = {
    ...chatShell(plan, "chat.completion.chunk"),
    service_tier: "default",
    system_fingerprint: "fp_0000000000",
  };
  const write = (choices: JsonObject[], kind: WireEvent["kind"]): WireEvent => {
    const usage = withUsage ? { usage: null } : {};
    return { text: serverSentEvent({ ...shell, choices, ...usage }), kind };
  };
  const chunk = (delta: JsonObject, kind: WireEvent["kind"]): WireEvent =>
    write([{ index: 0, delta, logprobs: null, finish_reason: null }], kind);

  const only = plan.text === "" && plan.toolCalls.length === 1 ? plan.toolCalls[0] : undefined;
  const opening = plan.text === "" && plan.toolCalls.length > 0 ? null : "";
  const toolCalls = only && { tool_calls: [{ index: 0, ...chatToolCall(plan, only, "") }] };
  yield chunk({ role: "assistant", content: opening, ...toolCalls, refusal: null }, "framing");

  for (const piece of plan.textPieces) yield chunk({ content: piece }, "content");
  yield* toolCallEvents(plan, only !== undefined, chunk);

  const finish = { index: 0, delta: {}, logprobs: null, finish_reason: plan.finishReason };
  yield write([finish], "closing");
  if (withUsage) {
    yield {
      text: serverSentEvent({ ...shell, choices: [], usage: chatUsage(plan.usage) }),
      kind: "closing",
      usage: chatCarried(plan.usage),
    };
  }
  yield { text: "data: [DONE]\n\n", kind: "closing" };
}
