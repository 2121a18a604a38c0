import { completeUsage, type TokenUsage, tokenCount } from "../usage/token-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall } from "./model-output.ts";
import { arrayAt, isRecord, recordAt, textAt, type UnknownRecord } from "./unknown-record.ts";

/**
 * Usage of OpenAI's Responses API; `input_tokens` includes the cache
 * (https://platform.openai.com/docs/api-reference/responses/object#responses/object-usage).
 */
export function readOpenAIResponsesUsage(usage: UnknownRecord): TokenUsage {
  const input = recordAt(usage, "input_tokens_details");
  return completeUsage({
    inputTokens: tokenCount(usage["input_tokens"]),
    outputTokens: tokenCount(usage["output_tokens"]),
    totalTokens: tokenCount(usage["total_tokens"]),
    cacheReadInputTokens: tokenCount(input["cached_tokens"]),
    cacheWriteInputTokens: tokenCount(input["cache_write_tokens"]),
    reasoningOutputTokens: tokenCount(recordAt(usage, "output_tokens_details")["reasoning_tokens"]),
  });
}

/** Reads a complete response. */
export function readOpenAIResponsesResponse(response: UnknownRecord): ModelOutput {
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  for (const item of arrayAt(response, "output")) {
    if (!isRecord(item)) continue;
    for (const part of arrayAt(item, "content")) {
      const text = isRecord(part) ? textAt(part, "text") : undefined;
      if (text !== undefined) texts.push(text);
    }
    if (item["type"] === "function_call") {
      toolCalls.push({
        id: textAt(item, "call_id") ?? "",
        name: textAt(item, "name") ?? "",
        arguments: textAt(item, "arguments") ?? "",
      });
    }
  }
  const finishReason =
    textAt(recordAt(response, "incomplete_details"), "reason") ?? textAt(response, "status");
  const responseModel = textAt(response, "model");
  return {
    text: texts.join(""),
    toolCalls,
    ...(isRecord(response["usage"]) ? { usage: readOpenAIResponsesUsage(response["usage"]) } : {}),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(responseModel === undefined ? {} : { responseModel }),
  };
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
      return delta === undefined ? {} : { textDelta: delta, hasContent: true };
    case "response.reasoning_text.delta":
    case "response.reasoning_summary_text.delta":
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
    default:
      return type.startsWith("response.") ? {} : undefined;
  }
}

function readItemAdded(item: UnknownRecord, key: string): ChunkFacts {
  if (item["type"] !== "function_call") return {};
  return {
    hasContent: true,
    toolCallDeltas: [{ key, id: textAt(item, "call_id") ?? "", name: textAt(item, "name") ?? "" }],
  };
}

function readEnd(type: string, response: UnknownRecord): ChunkFacts {
  const { usage, finishReason, responseModel } = readOpenAIResponsesResponse(response);
  const failure = textAt(recordAt(response, "error"), "message");
  return {
    ...(usage === undefined ? {} : { usage }),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(responseModel === undefined ? {} : { responseModel }),
    ...(type === "response.failed"
      ? { failure: failure ?? "The provider reported a failure." }
      : {}),
  };
}
