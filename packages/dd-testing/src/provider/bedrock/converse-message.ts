import type { JsonObject } from "../json-value.ts";
import {
  type PlannedToolCall,
  type ReplyPlan,
  spellFinishReason,
  toolCallId,
} from "../reply-plan.ts";
import type { WireEvent } from "../wire-encoder.ts";

/** One event of a Converse stream before it is framed. */
export interface ConverseEvent {
  readonly name: string;
  readonly payload: JsonObject;
  readonly kind: WireEvent["kind"];
}

const stopReasons: ReadonlyMap<string, string> = new Map([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["tool_calls", "tool_use"],
  ["content_filter", "content_filtered"],
]);

/** Converse's word for why the model stopped. */
export function converseStopReason(plan: ReplyPlan): string {
  return spellFinishReason(plan.finishReason, stopReasons);
}

function signature(plan: ReplyPlan): string {
  return Buffer.from(`signature of request ${plan.sequence}`).toString("base64");
}

function toolUseId(plan: ReplyPlan, call: PlannedToolCall): string {
  return toolCallId(plan, call, "tooluse_");
}

/** The message in one piece: reasoning, then text, then tool calls. */
export function converseMessage(plan: ReplyPlan): JsonObject {
  const content: JsonObject[] = [];
  if (plan.thinking !== "") {
    const reasoningText = { text: plan.thinking, signature: signature(plan) };
    content.push({ reasoningContent: { reasoningText } });
  }
  if (plan.text !== "") content.push({ text: plan.text });
  for (const call of plan.toolCalls) {
    const { argumentValue: input, name } = call;
    content.push({ toolUse: { toolUseId: toolUseId(plan, call), name, input } });
  }
  return { role: "assistant", content };
}

function delta(
  contentBlockIndex: number,
  value: JsonObject,
  kind: WireEvent["kind"] = "content",
): ConverseEvent {
  return { name: "contentBlockDelta", payload: { contentBlockIndex, delta: value }, kind };
}

function* toolBlock(
  plan: ReplyPlan,
  call: PlannedToolCall,
  contentBlockIndex: number,
): Generator<ConverseEvent> {
  const start = { toolUse: { toolUseId: toolUseId(plan, call), name: call.name } };
  yield { name: "contentBlockStart", payload: { contentBlockIndex, start }, kind: "framing" };
  for (const input of call.pieces) yield delta(contentBlockIndex, { toolUse: { input } });
}

function* thinkingBlock(plan: ReplyPlan, index: number): Generator<ConverseEvent> {
  for (const text of plan.thinkingPieces) yield delta(index, { reasoningContent: { text } });
  yield delta(index, { reasoningContent: { signature: signature(plan) } }, "framing");
}

/** The events of a message up to the stop reason; what follows differs between operations. */
export function* converseEvents(plan: ReplyPlan): Generator<ConverseEvent> {
  yield { name: "messageStart", payload: { role: "assistant" }, kind: "framing" };
  const blocks: ((index: number) => Iterable<ConverseEvent>)[] = [];
  if (plan.thinking !== "") blocks.push((index) => thinkingBlock(plan, index));
  if (plan.text !== "") {
    blocks.push((index) => plan.textPieces.map((text) => delta(index, { text })));
  }
  for (const call of plan.toolCalls) blocks.push((index) => toolBlock(plan, call, index));
  for (const [contentBlockIndex, block] of blocks.entries()) {
    yield* block(contentBlockIndex);
    const kind = contentBlockIndex === blocks.length - 1 ? "closing" : "framing";
    yield { name: "contentBlockStop", payload: { contentBlockIndex }, kind };
  }
  const payload = { stopReason: converseStopReason(plan) };
  yield { name: "messageStop", payload, kind: "closing" };
}
