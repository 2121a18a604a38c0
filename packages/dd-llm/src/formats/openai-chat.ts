import { completeUsage, sumOfCounts, type TokenUsage, tokenCount } from "../usage/token-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall, ToolCallDelta } from "./model-output.ts";
import {
  arrayAt,
  isRecord,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

const noToolCalls: readonly ToolCallDelta[] = [];

/**
 * Usage of OpenAI's Chat Completions API and of servers that speak it; `prompt_tokens` includes the cache
 * (https://platform.openai.com/docs/api-reference/chat/object#chat/object-usage). DeepSeek's
 * `prompt_cache_hit_tokens` is understood as a cache read.
 */
export function readOpenAIChatUsage(usage: UnknownRecord): TokenUsage {
  const inputDetails = recordAt(usage, "prompt_tokens_details");
  const outputDetails = recordAt(usage, "completion_tokens_details");
  const input = tokenCount(usage["prompt_tokens"]);
  const output = tokenCount(usage["completion_tokens"]);
  const total = tokenCount(usage["total_tokens"]);
  const reasoning = tokenCount(outputDetails["reasoning_tokens"]);
  // Some compatible servers (xAI) count reasoning beside the completion; their own total says so.
  const isApart = reasoning ? total === (input ?? 0) + (output ?? 0) + reasoning : false;
  return completeUsage({
    inputTokens: input,
    outputTokens: isApart ? sumOfCounts(output, reasoning) : output,
    totalTokens: total,
    cacheReadInputTokens:
      tokenCount(inputDetails["cached_tokens"]) ?? tokenCount(usage["prompt_cache_hit_tokens"]),
    cacheWriteInputTokens: tokenCount(inputDetails["cache_write_tokens"]),
    inputAudioTokens: tokenCount(inputDetails["audio_tokens"]),
    reasoningOutputTokens: reasoning,
    outputAudioTokens: tokenCount(outputDetails["audio_tokens"]),
    inputImageTokens: tokenCount(inputDetails["image_tokens"]),
    outputImageTokens: tokenCount(outputDetails["image_tokens"]),
  });
}

/** Reads a complete chat completion, or one of the older text completions. */
export function readOpenAIChatResponse(response: UnknownRecord): ModelOutput {
  const choice = firstChoice(response);
  const message = recordAt(choice, "message");
  const toolCalls = recordsOf(arrayAt(message, "tool_calls")).map(readToolCall);
  const usage = response["usage"];
  return {
    text: readText(message) ?? textAt(choice, "text") ?? "",
    toolCalls,
    ...known({
      usage: isRecord(usage) ? readOpenAIChatUsage(usage) : undefined,
      finishReason: textAt(choice, "finish_reason"),
      responseModel: textAt(response, "model"),
    }),
  };
}

/** Reads one chunk; the last one may carry usage and no choice at all. */
export function readOpenAIChatChunk(chunk: UnknownRecord): ChunkFacts | undefined {
  const choices = chunk["choices"];
  if (!Array.isArray(choices)) return undefined;
  const facts: { -readonly [K in keyof ChunkFacts]: ChunkFacts[K] } = {
    hasContent: false,
    toolCallDeltas: noToolCalls,
  };
  // Thousands of chunks a second come through here, nearly all with one piece of text and nothing else.
  let isFound = false;
  for (const choice of choices as unknown[]) {
    if (!isRecord(choice)) continue;
    const text = choiceText(choice);
    if (text !== undefined || hasOtherContent(choice)) facts.hasContent = true;
    const { index } = choice;
    if (isFound || (index !== 0 && index !== undefined)) continue;
    isFound = true;
    if (text !== undefined) facts.textDelta = text;
    const reason = choice["finish_reason"];
    if (typeof reason === "string" && reason !== "") facts.finishReason = reason;
    const calls = recordAt(choice, "delta")["tool_calls"];
    if (Array.isArray(calls)) facts.toolCallDeltas = recordsOf(calls).map(readToolCallDelta);
  }
  const { model, usage } = chunk;
  if (typeof model === "string" && model !== "") facts.responseModel = model;
  if (isRecord(usage)) facts.usage = usage;
  return facts;
}

function choiceText(choice: UnknownRecord): string | undefined {
  const { delta } = choice;
  return (isRecord(delta) ? readText(delta) : undefined) ?? textAt(choice, "text");
}

function hasOtherContent(choice: UnknownRecord): boolean {
  const delta = recordAt(choice, "delta");
  return (
    textAt(delta, "reasoning_content") !== undefined ||
    textAt(delta, "reasoning") !== undefined ||
    textAt(recordAt(delta, "audio"), "data") !== undefined ||
    recordsOf(arrayAt(delta, "tool_calls")).length > 0
  );
}

/** The answer that is shown: with `n` above 1 a response has several, and a chunk belongs to any of them. */
function firstChoice(response: UnknownRecord): UnknownRecord {
  const choices = recordsOf(arrayAt(response, "choices"));
  return choices.find(({ index }) => index === 0 || index === undefined) ?? {};
}

function readText(message: UnknownRecord): string | undefined {
  return (
    textAt(message, "content") ??
    textAt(message, "refusal") ??
    textAt(recordAt(message, "audio"), "transcript")
  );
}

/** Reads a tool call of an assistant's message. */
export function readToolCall(call: UnknownRecord): ToolCall {
  const fn = recordAt(call, "function");
  return known({
    id: textAt(call, "id"),
    name: textAt(fn, "name"),
    arguments: textAt(fn, "arguments"),
  });
}

function readToolCallDelta(call: UnknownRecord): ToolCallDelta {
  const { arguments: argumentsDelta, ...identity } = readToolCall(call);
  return { key: String(call["index"]), ...identity, ...known({ argumentsDelta }) };
}
