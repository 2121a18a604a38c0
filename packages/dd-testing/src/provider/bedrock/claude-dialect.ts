import { messageBody, stopReason } from "../anthropic/message-body.ts";
import { messageEvents } from "../anthropic/message-events.ts";
import { isJsonObject, type JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import type { InvokeChunk, InvokeDialect } from "./invoke-dialect.ts";

/** Fields of the Messages API that Bedrock does not pass on. */
const absent: ReadonlySet<string> = new Set([
  "caller",
  "inference_geo",
  "service_tier",
  "stop_details",
]);

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !absent.has(name));
  return Object.fromEntries(
    kept.map(([name, field]) => [name, name === "input" ? field : without(field)]),
  );
}

/** `us.anthropic.claude-sonnet-4-20250514-v1:0` calls itself `claude-sonnet-4-20250514`. */
function ownName(model: string): string {
  return model.replace(/^.*anthropic\./, "").replace(/-v\d+(?::\d+)?$/, "");
}

function onBedrock(plan: ReplyPlan): ReplyPlan {
  return { ...plan, model: ownName(plan.model) };
}

function bedrockId(message: unknown): JsonObject {
  const fields = without(message) as JsonObject;
  return { ...fields, id: String(fields["id"]).replace("msg_", "msg_bdrk_") };
}

function* messageChunks(plan: ReplyPlan): Generator<InvokeChunk> {
  for (const { text, kind, usage } of messageEvents(onBedrock(plan))) {
    const data = JSON.parse(text.slice(text.indexOf("data: ") + "data: ".length)) as JsonObject;
    if (data["type"] === "ping") continue;
    const value = without(data) as JsonObject;
    const told = usage === undefined ? {} : { usage };
    if (data["type"] === "message_start") {
      yield { value: { ...value, message: bedrockId(data["message"]) }, kind, ...told };
    } else if (data["type"] === "message_delta") {
      // Only the output is counted here; the last chunk brings all counts.
      yield { value: { ...value, usage: { output_tokens: plan.usage.outputTokens } }, kind };
    } else {
      yield { value, kind, ...told };
    }
  }
}

/** Text completions stopped at the next turn of the user, unless they ran out of tokens. */
function completionStop(plan: ReplyPlan): JsonObject {
  const cutOff = stopReason(plan) === "max_tokens";
  return {
    stop_reason: cutOff ? "max_tokens" : "stop_sequence",
    stop: cutOff ? null : "\n\nHuman:",
  };
}

function* completionChunks(plan: ReplyPlan): Generator<InvokeChunk> {
  for (const completion of plan.textPieces) {
    const value = { type: "completion", completion, stop_reason: null, stop: null };
    yield { value, kind: "content" };
  }
  yield { value: { type: "completion", completion: "", ...completionStop(plan) }, kind: "closing" };
}

/** A request with `prompt` speaks the older text completions, as Claude 2 did. */
function isCompletion(plan: ReplyPlan): boolean {
  return typeof plan.request["prompt"] === "string";
}

/**
 * Writes Claude on Bedrock: messages, and the older text completions.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-claude.html
 */
export const claudeDialect: InvokeDialect = {
  body: (plan) =>
    isCompletion(plan)
      ? { type: "completion", completion: plan.text, ...completionStop(plan) }
      : bedrockId(messageBody(onBedrock(plan))),
  chunks: (plan) => (isCompletion(plan) ? completionChunks(plan) : messageChunks(plan)),
};
