import type { JsonObject } from "../json-value.ts";
import { type PlannedToolCall, type ReplyPlan, toolCallId } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { WireEvent } from "../wire-encoder.ts";
import {
  anthropicCarried,
  messageDeltaUsage,
  messageUsage,
  openingUsage,
} from "./anthropic-usage.ts";
import { messageShell, stopReason, thinkingSignature } from "./message-body.ts";

function event(data: JsonObject & { readonly type: string }, kind: WireEvent["kind"]): WireEvent {
  return { text: serverSentEvent(data, data.type), kind };
}

function blockStart(index: number, block: JsonObject): WireEvent {
  return event({ type: "content_block_start", index, content_block: block }, "framing");
}

function delta(index: number, value: JsonObject, kind: WireEvent["kind"] = "content"): WireEvent {
  return event({ type: "content_block_delta", index, delta: value }, kind);
}

function* thinkingBlock(plan: ReplyPlan, index: number): Generator<WireEvent> {
  yield blockStart(index, { type: "thinking", thinking: "", signature: "" });
  for (const piece of plan.thinkingPieces) {
    yield delta(index, { type: "thinking_delta", thinking: piece });
  }
  yield delta(index, { type: "signature_delta", signature: thinkingSignature(plan) }, "framing");
}

function* textBlock(plan: ReplyPlan, index: number): Generator<WireEvent> {
  yield blockStart(index, { type: "text", text: "" });
  for (const piece of plan.textPieces) yield delta(index, { type: "text_delta", text: piece });
}

function* toolBlock(plan: ReplyPlan, call: PlannedToolCall, index: number): Generator<WireEvent> {
  yield blockStart(index, {
    type: "tool_use",
    id: toolCallId(plan, call, "toolu_01"),
    name: call.name,
    input: {},
    caller: { type: "direct" },
  });
  // The API opens every tool input with an empty piece.
  yield delta(index, { type: "input_json_delta", partial_json: "" }, "framing");
  for (const piece of call.pieces) {
    yield delta(index, { type: "input_json_delta", partial_json: piece });
  }
}

function blocksOf(plan: ReplyPlan): ((index: number) => Generator<WireEvent>)[] {
  const blocks: ((index: number) => Generator<WireEvent>)[] = [];
  if (plan.thinking !== "") blocks.push((index) => thinkingBlock(plan, index));
  if (plan.text !== "") blocks.push((index) => textBlock(plan, index));
  for (const call of plan.toolCalls) blocks.push((index) => toolBlock(plan, call, index));
  return blocks;
}

/**
 * Writes a message as the event stream of the Messages API.
 *
 * Source: https://docs.claude.com/en/docs/build-with-claude/streaming
 */
export function* messageEvents(plan: ReplyPlan): Generator<WireEvent> {
  const opening = openingUsage(plan);
  const message = { ...messageShell(plan), usage: messageUsage(opening) };
  yield { ...event({ type: "message_start", message }, "framing"), usage: opening };
  const blocks = blocksOf(plan);
  for (const [index, block] of blocks.entries()) {
    let first = true;
    for (const wireEvent of block(index)) {
      yield wireEvent;
      if (index === 0 && first) yield event({ type: "ping" }, "framing");
      first = false;
    }
    const last = index === blocks.length - 1;
    yield event({ type: "content_block_stop", index }, last ? "closing" : "framing");
  }
  yield {
    ...event(
      {
        type: "message_delta",
        delta: { stop_reason: stopReason(plan), stop_sequence: null, stop_details: null },
        usage: messageDeltaUsage(plan.usage),
      },
      "closing",
    ),
    usage: anthropicCarried(plan.usage),
  };
  yield event({ type: "message_stop" }, "closing");
}
