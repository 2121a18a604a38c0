import { completeUsage, type TokenUsage, tokenCount } from "../usage/token-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall, ToolCallDelta } from "./model-output.ts";
import { arrayAt, isRecord, recordAt, textAt, type UnknownRecord } from "./unknown-record.ts";

/**
 * Usage of OpenAI's Chat Completions API and of servers that speak it; `prompt_tokens` includes the cache
 * (https://platform.openai.com/docs/api-reference/chat/object#chat/object-usage). DeepSeek's
 * `prompt_cache_hit_tokens` is understood as a cache read.
 */
export function readOpenAIChatUsage(usage: UnknownRecord): TokenUsage {
  const input = recordAt(usage, "prompt_tokens_details");
  const output = recordAt(usage, "completion_tokens_details");
  return completeUsage({
    inputTokens: tokenCount(usage["prompt_tokens"]),
    outputTokens: tokenCount(usage["completion_tokens"]),
    totalTokens: tokenCount(usage["total_tokens"]),
    cacheReadInputTokens:
      tokenCount(input["cached_tokens"]) ?? tokenCount(usage["prompt_cache_hit_tokens"]),
    cacheWriteInputTokens: tokenCount(input["cache_write_tokens"]),
    inputAudioTokens: tokenCount(input["audio_tokens"]),
    reasoningOutputTokens: tokenCount(output["reasoning_tokens"]),
    outputAudioTokens: tokenCount(output["audio_tokens"]),
  });
}

/** Reads a complete chat completion. */
export function readOpenAIChatResponse(response: UnknownRecord): ModelOutput {
  const choice = firstRecord(arrayAt(response, "choices"));
  const message = recordAt(choice, "message");
  const toolCalls: ToolCall[] = arrayAt(message, "tool_calls").flatMap((call) => {
    if (!isRecord(call)) return [];
    const fn = recordAt(call, "function");
    return {
      id: textAt(call, "id") ?? "",
      name: textAt(fn, "name") ?? "",
      arguments: textAt(fn, "arguments") ?? "",
    };
  });
  const finishReason = textAt(choice, "finish_reason");
  const responseModel = textAt(response, "model");
  return {
    text: textAt(message, "content") ?? textAt(message, "refusal") ?? "",
    toolCalls,
    ...(isRecord(response["usage"]) ? { usage: readOpenAIChatUsage(response["usage"]) } : {}),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(responseModel === undefined ? {} : { responseModel }),
  };
}

/** Reads one chunk; the last one may carry usage and no choice at all. */
export function readOpenAIChatChunk(chunk: UnknownRecord): ChunkFacts | undefined {
  if (!Array.isArray(chunk["choices"])) return undefined;
  const choice = firstRecord(chunk["choices"]);
  const delta = recordAt(choice, "delta");
  const text = textAt(delta, "content") ?? textAt(delta, "refusal");
  const reasoning = textAt(delta, "reasoning_content") ?? textAt(delta, "reasoning");
  const toolCallDeltas = arrayAt(delta, "tool_calls").flatMap(readToolCallDelta);
  const finishReason = textAt(choice, "finish_reason");
  const responseModel = textAt(chunk, "model");
  const hasContent = text !== undefined || reasoning !== undefined || toolCallDeltas.length > 0;
  return {
    hasContent,
    ...(text === undefined ? {} : { textDelta: text }),
    ...(toolCallDeltas.length === 0 ? {} : { toolCallDeltas }),
    ...(isRecord(chunk["usage"]) ? { usage: readOpenAIChatUsage(chunk["usage"]) } : {}),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(responseModel === undefined ? {} : { responseModel }),
  };
}

function readToolCallDelta(call: unknown): ToolCallDelta[] {
  if (!isRecord(call)) return [];
  const fn = recordAt(call, "function");
  const id = textAt(call, "id");
  const name = textAt(fn, "name");
  const argumentsDelta = textAt(fn, "arguments");
  return [
    {
      key: String(call["index"]),
      ...(id === undefined ? {} : { id }),
      ...(name === undefined ? {} : { name }),
      ...(argumentsDelta === undefined ? {} : { argumentsDelta }),
    },
  ];
}

function firstRecord(list: readonly unknown[]): UnknownRecord {
  const first = list[0];
  return isRecord(first) ? first : {};
}
