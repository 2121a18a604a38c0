import type { JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { WireEvent } from "../wire-encoder.ts";
import { chatShell, chatToolCall } from "./chat-body.ts";
import { chatCarried, chatUsage } from "./openai-usage.ts";
import { obfuscation, wantsUsageChunk } from "./stream-options.ts";

type WriteDelta = (delta: JsonObject, kind: WireEvent["kind"], piece?: string) => WireEvent;

function* toolCallEvents(
  plan: ReplyPlan,
  opened: boolean,
  write: WriteDelta,
): Generator<WireEvent> {
  for (const call of plan.toolCalls) {
    if (!opened) {
      const toolCall = { index: call.index, ...chatToolCall(plan, call, "") };
      yield write({ tool_calls: [toolCall] }, "framing");
    }
    for (const piece of call.pieces) {
      const toolCall = { index: call.index, function: { arguments: piece } };
      yield write({ tool_calls: [toolCall] }, "content", piece);
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
    ...(withUsage ? { usage: null } : {}),
  };
  const chunk = (fields: JsonObject, piece = ""): string =>
    serverSentEvent({ ...shell, ...fields, ...obfuscation(plan, piece) });
  const write: WriteDelta = (delta, kind, piece) => {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: null }];
    return { text: chunk({ choices }, piece), kind };
  };

  const only = plan.text === "" && plan.toolCalls.length === 1 ? plan.toolCalls[0] : undefined;
  const content = plan.text === "" && plan.toolCalls.length > 0 ? null : "";
  const toolCalls = only && { tool_calls: [{ index: 0, ...chatToolCall(plan, only, "") }] };
  yield write({ role: "assistant", content, ...toolCalls, refusal: null }, "framing");

  for (const piece of plan.textPieces) yield write({ content: piece }, "content", piece);
  yield* toolCallEvents(plan, only !== undefined, write);

  const finish = { index: 0, delta: {}, logprobs: null, finish_reason: plan.finishReason };
  yield { text: chunk({ choices: [finish] }), kind: "closing" };
  if (withUsage) {
    const text = chunk({ choices: [], usage: chatUsage(plan.usage) });
    yield { text, kind: "closing", usage: chatCarried(plan.usage) };
  }
  yield { text: "data: [DONE]\n\n", kind: "closing" };
}
