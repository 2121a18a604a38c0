import { completeUsage, type TokenUsage, tokenCount } from "../usage/token-usage.ts";
import type { ChunkFacts, ModelOutput, StreamFailure, ToolCall } from "./model-output.ts";
import {
  arrayAt,
  isRecord,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

/**
 * Usage of OpenAI's Responses API and of its image API; `input_tokens` includes the cache
 * (https://platform.openai.com/docs/api-reference/responses/object#responses/object-usage). The Realtime API and
 * transcriptions say `input_token_details`.
 */
export function readOpenAIResponsesUsage(usage: UnknownRecord): TokenUsage {
  const input = {
    ...recordAt(usage, "input_token_details"),
    ...recordAt(usage, "input_tokens_details"),
  };
  const output = {
    ...recordAt(usage, "output_token_details"),
    ...recordAt(usage, "output_tokens_details"),
  };
  const cached = recordAt(input, "cached_tokens_details");
  return completeUsage({
    inputTokens: tokenCount(usage["input_tokens"]),
    outputTokens: tokenCount(usage["output_tokens"]),
    totalTokens: tokenCount(usage["total_tokens"]),
    cacheReadInputTokens: tokenCount(input["cached_tokens"]),
    cacheWriteInputTokens: tokenCount(input["cache_write_tokens"]),
    reasoningOutputTokens: tokenCount(output["reasoning_tokens"]),
    inputAudioTokens: tokenCount(input["audio_tokens"]),
    outputAudioTokens: tokenCount(output["audio_tokens"]),
    cacheReadAudioInputTokens: tokenCount(cached["audio_tokens"]),
    inputImageTokens: tokenCount(input["image_tokens"]),
    cacheReadImageInputTokens: tokenCount(cached["image_tokens"]),
    outputImageTokens: tokenCount(output["image_tokens"]),
  });
}

/** Reads a complete response. */
export function readOpenAIResponsesResponse(response: UnknownRecord): ModelOutput {
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  for (const item of recordsOf(arrayAt(response, "output"))) {
    if (item["type"] === "function_call") toolCalls.push(readFunctionCall(item));
    if (item["type"] !== "message") continue;
    for (const part of recordsOf(arrayAt(item, "content"))) {
      const text = textAt(part, "text") ?? textAt(part, "refusal");
      if (text !== undefined) texts.push(text);
    }
  }
  const usage = response["usage"];
  return {
    text: texts.join(""),
    toolCalls,
    ...known({
      usage: isRecord(usage) ? readOpenAIResponsesUsage(usage) : undefined,
      finishReason:
        textAt(recordAt(response, "incomplete_details"), "reason") ?? textAt(response, "status"),
      responseModel: textAt(response, "model"),
    }),
  };
}

/** Reads a `function_call` item, of a response or of an input. */
export function readFunctionCall(item: UnknownRecord): ToolCall {
  return known({
    id: textAt(item, "call_id"),
    name: textAt(item, "name"),
    arguments: textAt(item, "arguments"),
  });
}

/** Reads one typed event of a stream. */
export function readOpenAIResponsesChunk(event: UnknownRecord): ChunkFacts | undefined {
  const type = event["type"];
  if (typeof type !== "string") return undefined;
  const delta = textAt(event, "delta");
  const key = String(event["output_index"]);
  switch (type) {
    case "response.output_text.delta":
    case "response.refusal.delta":
    case "response.audio.transcript.delta":
      return delta === undefined ? {} : { textDelta: delta, hasContent: true };
    case "response.reasoning_text.delta":
    case "response.reasoning_summary_text.delta":
    case "response.audio.delta":
      return { hasContent: delta !== undefined };
    case "response.function_call_arguments.delta":
      return delta === undefined
        ? {}
        : { hasContent: true, toolCallDeltas: [{ key, argumentsDelta: delta }] };
    case "response.output_item.added":
      return readItemAdded(recordAt(event, "item"), key);
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      return readEnd(type, recordAt(event, "response"));
    case "error":
      return { failure: readFailure(event) };
    default:
      return type.startsWith("response.") ? {} : undefined;
  }
}

function readItemAdded(item: UnknownRecord, key: string): ChunkFacts {
  if (item["type"] !== "function_call") return {};
  const { id, name } = readFunctionCall(item);
  return { hasContent: true, toolCallDeltas: [{ key, ...known({ id, name }) }] };
}

function readEnd(type: string, response: UnknownRecord): ChunkFacts {
  const { finishReason, responseModel } = readOpenAIResponsesResponse(response);
  const usage = response["usage"];
  return known({
    usage: isRecord(usage) ? usage : undefined,
    finishReason,
    responseModel,
    failure: type === "response.failed" ? readFailure(recordAt(response, "error")) : undefined,
  });
}

function readFailure(error: UnknownRecord): StreamFailure {
  return {
    message: textAt(error, "message") ?? "The provider reported a failure.",
    code: textAt(error, "code"),
  };
}
