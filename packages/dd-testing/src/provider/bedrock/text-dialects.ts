import type { JsonObject } from "../json-value.ts";
import { type ReplyPlan, spellFinishReason } from "../reply-plan.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { uncachedInput } from "./bedrock-usage.ts";
import type { InvokeChunk, InvokeDialect } from "./invoke-dialect.ts";

function* perPiece(
  plan: ReplyPlan,
  piece: (text: string, index: number) => JsonObject,
  last: JsonObject,
): Generator<InvokeChunk> {
  for (const [index, text] of plan.textPieces.entries()) {
    yield { value: piece(text, index), kind: "content" };
  }
  yield { value: last, kind: "closing" };
}

const titanReasons: ReadonlyMap<string, string> = new Map([
  ["stop", "FINISH"],
  ["length", "LENGTH"],
  ["content_filter", "CONTENT_FILTERED"],
]);

/**
 * Writes Amazon Titan Text.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html
 */
export const titanDialect: InvokeDialect = {
  body: (plan) => ({
    inputTextTokenCount: uncachedInput(plan.usage),
    results: [
      {
        tokenCount: plan.usage.outputTokens,
        outputText: plan.text,
        completionReason: spellFinishReason(plan.finishReason, titanReasons),
      },
    ],
  }),
  chunks: (plan) =>
    perPiece(
      plan,
      (outputText, index) => ({
        outputText,
        index: 0,
        totalOutputTextTokenCount: null,
        completionReason: null,
        inputTextTokenCount: index === 0 ? uncachedInput(plan.usage) : null,
      }),
      {
        outputText: "",
        index: 0,
        totalOutputTextTokenCount: plan.usage.outputTokens,
        completionReason: spellFinishReason(plan.finishReason, titanReasons),
        inputTextTokenCount: null,
      },
    ),
};

/**
 * Writes Meta Llama.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html
 */
export const llamaDialect: InvokeDialect = {
  body: (plan) => ({
    generation: plan.text,
    prompt_token_count: uncachedInput(plan.usage),
    generation_token_count: plan.usage.outputTokens,
    stop_reason: plan.finishReason,
  }),
  chunks: (plan) =>
    perPiece(
      plan,
      (generation, index) => ({
        generation,
        prompt_token_count: index === 0 ? uncachedInput(plan.usage) : null,
        generation_token_count: Math.min(index + 1, plan.usage.outputTokens),
        stop_reason: null,
      }),
      {
        generation: "",
        prompt_token_count: null,
        generation_token_count: plan.usage.outputTokens,
        stop_reason: plan.finishReason,
      },
    ),
};

/**
 * Writes the text completions of Mistral.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
 */
export const mistralDialect: InvokeDialect = {
  body: (plan) => ({ outputs: [{ text: plan.text, stop_reason: plan.finishReason }] }),
  chunks: (plan) =>
    perPiece(plan, (text) => ({ outputs: [{ text, stop_reason: null }] }), {
      outputs: [{ text: "", stop_reason: plan.finishReason }],
    }),
};

function chatUsage(plan: ReplyPlan, completionTokens: number): JsonObject {
  const promptTokens = uncachedInput(plan.usage);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

/** Fields of a chat body and of each of its chunks. */
function chat(plan: ReplyPlan, choice: JsonObject, completionTokens: number): JsonObject {
  return {
    id: wireIdentifier("chatcmpl-", plan.sequence),
    choices: [{ index: 0, ...choice }],
    usage: chatUsage(plan, completionTokens),
  };
}

function* chatChunks(plan: ReplyPlan): Generator<InvokeChunk> {
  const opening = { delta: { role: "assistant", content: "" }, finish_reason: null };
  yield { value: chat(plan, opening, 0), kind: "framing" };
  for (const [index, content] of plan.textPieces.entries()) {
    const tokens = Math.min(index + 1, plan.usage.outputTokens);
    yield {
      value: chat(plan, { delta: { content }, finish_reason: null }, tokens),
      kind: "content",
    };
  }
  const closing = { delta: { content: "" }, finish_reason: plan.finishReason };
  yield { value: chat(plan, closing, plan.usage.outputTokens), kind: "closing" };
  // Bedrock's counts come in a chunk of their own.
  yield { value: {}, kind: "closing" };
}

/**
 * Writes the chat form that AI21 Jamba, OpenAI's open models, DeepSeek, Qwen and others share.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-jamba.html
 */
export const chatDialect: InvokeDialect = {
  body: (plan) =>
    chat(
      plan,
      { message: { role: "assistant", content: plan.text }, finish_reason: plan.finishReason },
      plan.usage.outputTokens,
    ),
  chunks: chatChunks,
};
