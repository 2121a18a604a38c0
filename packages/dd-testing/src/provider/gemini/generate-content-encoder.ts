import type { JsonObject } from "../json-value.ts";
import { type PlannedToolCall, type ReplyPlan, spellFinishReason } from "../reply-plan.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { TokenUsage } from "../token-usage.ts";
import type { WireEncoder, WireEvent } from "../wire-encoder.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { geminiEnvelope, geminiErrorBody } from "./gemini-envelope.ts";
import { geminiCarried, usageMetadata } from "./gemini-usage.ts";

const finishReasons: ReadonlyMap<string, string> = new Map([
  ["stop", "STOP"],
  ["length", "MAX_TOKENS"],
  ["tool_calls", "STOP"],
  ["content_filter", "SAFETY"],
]);

function response(plan: ReplyPlan, candidate: JsonObject, usage: TokenUsage): JsonObject {
  return {
    candidates: [{ ...candidate, index: 0 }],
    usageMetadata: usageMetadata(usage),
    modelVersion: plan.model,
    responseId: wireIdentifier("resp", plan.sequence),
  };
}

function functionCallPart(plan: ReplyPlan, call: PlannedToolCall): JsonObject {
  const { id, name, argumentValue } = call;
  const signature = Buffer.from(`signature of request ${plan.sequence}`).toString("base64");
  return {
    functionCall: { ...(id === undefined ? {} : { id }), name, args: argumentValue },
    ...(plan.thinking !== "" && call.index === 0 ? { thoughtSignature: signature } : {}),
  };
}

function parts(
  plan: ReplyPlan,
  thinking: readonly string[],
  text: readonly string[],
): JsonObject[] {
  return [
    ...thinking.map((piece) => ({ text: piece, thought: true })),
    ...text.map((piece) => ({ text: piece })),
    ...plan.toolCalls.map((call) => functionCallPart(plan, call)),
  ];
}

function finishReason(plan: ReplyPlan): string {
  return spellFinishReason(plan.finishReason, finishReasons);
}

function whole(text: string): string[] {
  return text === "" ? [] : [text];
}

function body(plan: ReplyPlan): JsonObject {
  const content = { parts: parts(plan, whole(plan.thinking), whole(plan.text)), role: "model" };
  return response(plan, { content, finishReason: finishReason(plan) }, plan.usage);
}

/** The usage after some of the chunks: output grows with them, the prompt is known from the start. */
function usageAfter(plan: ReplyPlan, sent: number, total: number): TokenUsage {
  const share = (count: number): number => Math.floor((count * sent) / total);
  const reasoningTokens = share(plan.usage.reasoningTokens);
  const visible = share(plan.usage.outputTokens - plan.usage.reasoningTokens);
  return { ...plan.usage, reasoningTokens, outputTokens: visible + reasoningTokens };
}

function* events(plan: ReplyPlan): Generator<WireEvent> {
  const all = parts(plan, plan.thinkingPieces, plan.textPieces);
  for (const [index, part] of all.entries()) {
    const usage = usageAfter(plan, index + 1, all.length + 1);
    const chunk = response(plan, { content: { parts: [part], role: "model" } }, usage);
    yield { text: serverSentEvent(chunk), kind: "content", usage: geminiCarried(usage) };
  }
  const content = { parts: [{ text: "" }], role: "model" };
  const last = response(plan, { content, finishReason: finishReason(plan) }, plan.usage);
  yield {
    text: serverSentEvent(last),
    kind: "closing",
    usage: geminiCarried(plan.usage),
  };
}

/**
 * Writes `generateContent` and `streamGenerateContent` of the Gemini API.
 *
 * Source: https://ai.google.dev/api/generate-content
 */
export const generateContentEncoder: WireEncoder = {
  ...geminiEnvelope,
  body: (plan) => ({ value: body(plan), usage: geminiCarried(plan.usage) }),
  events,
  errorEvent: (failure) => serverSentEvent(geminiErrorBody(failure.error)),
};
