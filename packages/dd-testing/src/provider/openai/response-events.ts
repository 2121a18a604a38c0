import type { JsonObject } from "../json-value.ts";
import type { PlannedToolCall, ReplyPlan } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { WireEvent } from "../wire-encoder.ts";
import { responsesCarried } from "./openai-usage.ts";
import {
  closedResponse,
  closedStatus,
  functionCallItem,
  hasReasoning,
  messageItem,
  openResponse,
  reasoningItem,
  textPart,
} from "./response-object.ts";
import { obfuscation } from "./stream-options.ts";

interface TypedEvent {
  readonly type: string;
  readonly fields: JsonObject;
  readonly content?: true;
}

function* reasoningEvents(plan: ReplyPlan): Generator<TypedEvent> {
  const item = reasoningItem(plan, "");
  const at = { item_id: item["id"], summary_index: 0 };
  const type = "response.reasoning_summary";
  yield { type: "response.output_item.added", fields: { item } };
  if (plan.thinking !== "") {
    const part = { type: "summary_text", text: "" };
    yield { type: `${type}_part.added`, fields: { ...at, part } };
    for (const delta of plan.thinkingPieces) {
      yield {
        type: `${type}_text.delta`,
        fields: { ...at, delta, ...obfuscation(plan, delta) },
        content: true,
      };
    }
    yield { type: `${type}_text.done`, fields: { ...at, text: plan.thinking } };
    yield {
      type: `${type}_part.done`,
      fields: { ...at, part: { ...part, text: plan.thinking } },
    };
  }
  yield {
    type: "response.output_item.done",
    fields: { item: reasoningItem(plan, plan.thinking) },
  };
}

function* messageItemEvents(plan: ReplyPlan): Generator<TypedEvent> {
  const item = messageItem(plan, "in_progress", []);
  const at = { item_id: item["id"], content_index: 0 };
  const part = textPart(plan.text);
  yield { type: "response.output_item.added", fields: { item } };
  yield { type: "response.content_part.added", fields: { ...at, part: textPart("") } };
  for (const delta of plan.textPieces) {
    const fields = { ...at, delta, logprobs: [], ...obfuscation(plan, delta) };
    yield { type: "response.output_text.delta", fields, content: true };
  }
  yield { type: "response.output_text.done", fields: { ...at, text: plan.text, logprobs: [] } };
  yield { type: "response.content_part.done", fields: { ...at, part } };
  yield {
    type: "response.output_item.done",
    fields: { item: messageItem(plan, closedStatus(plan), [part]) },
  };
}

function* functionCallEvents(plan: ReplyPlan, call: PlannedToolCall): Generator<TypedEvent> {
  const item = functionCallItem(plan, call, "in_progress", "");
  const at = { item_id: item["id"] };
  const done = functionCallItem(plan, call, "completed", call.argumentText);
  yield { type: "response.output_item.added", fields: { item } };
  for (const delta of call.pieces) {
    const fields = { ...at, delta, ...obfuscation(plan, delta) };
    yield { type: "response.function_call_arguments.delta", fields, content: true };
  }
  yield {
    type: "response.function_call_arguments.done",
    fields: { ...at, arguments: call.argumentText, name: call.name },
  };
  yield { type: "response.output_item.done", fields: { item: done } };
}

function itemsOf(plan: ReplyPlan): Iterable<TypedEvent>[] {
  return [
    ...(hasReasoning(plan) ? [reasoningEvents(plan)] : []),
    ...(plan.text === "" ? [] : [messageItemEvents(plan)]),
    ...plan.toolCalls.map((call) => functionCallEvents(plan, call)),
  ];
}

/** Writes one typed event; its sequence number is the count of events before it. */
export function typedEvent(type: string, sequence: number, fields: JsonObject): string {
  return serverSentEvent({ type, sequence_number: sequence, ...fields }, type);
}

/**
 * Writes a response as its typed events.
 *
 * Source: https://platform.openai.com/docs/api-reference/responses-streaming
 */
export function* responseEvents(plan: ReplyPlan): Generator<WireEvent> {
  let sequence = 0;
  const response = openResponse(plan);
  for (const type of ["response.created", "response.in_progress"]) {
    yield { text: typedEvent(type, sequence++, { response }), kind: "framing" };
  }
  const items = itemsOf(plan);
  for (const [index, item] of items.entries()) {
    for (const event of item) {
      const closing = index === items.length - 1 && event.type.endsWith(".done");
      const fields = { output_index: index, ...event.fields };
      yield {
        text: typedEvent(event.type, sequence++, fields),
        kind: event.content ? "content" : closing ? "closing" : "framing",
      };
    }
  }
  const closed = { response: closedResponse(plan) };
  yield {
    text: typedEvent(`response.${closedStatus(plan)}`, sequence, closed),
    kind: "closing",
    usage: responsesCarried(plan.usage),
  };
}
