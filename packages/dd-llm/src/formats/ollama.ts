import { isOllamaUsage, readOllamaUsage } from "../usage/ollama-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall } from "./model-output.ts";
import {
  arrayAt,
  jsonText,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

/** Whether an object is an answer of Ollama's own API, or a chunk of one: the last one is done. */
function isOllama(response: UnknownRecord): boolean {
  return typeof response["done"] === "boolean" || isOllamaUsage(response);
}

/** Reads a complete answer of Ollama's own API (https://github.com/ollama/ollama/blob/main/docs/api.md). */
export function readOllamaResponse(response: UnknownRecord): ModelOutput | undefined {
  if (!isOllama(response)) return undefined;
  const toolCalls = toolCallsOf(response);
  return known({
    text: textOf(response),
    toolCalls: toolCalls.length > 0 ? toolCalls : undefined,
    usage: readOllamaUsage(response),
    finishReason: textAt(response, "done_reason"),
    responseModel: textAt(response, "model"),
  });
}

/** Reads one chunk of a stream; the last one has the counts. */
export function readOllamaChunk(chunk: UnknownRecord): ChunkFacts | undefined {
  if (!isOllama(chunk)) return undefined;
  const text = textOf(chunk);
  const thinking =
    textAt(recordAt(chunk, "message"), "thinking") ?? textAt(chunk, "thinking") ?? "";
  const toolCalls = toolCallsOf(chunk);
  return {
    hasContent: text !== undefined || thinking !== "" || toolCalls.length > 0,
    // Ollama sends each call whole, so every one is a call of its own.
    toolCallDeltas: toolCalls.map(({ arguments: argumentsDelta, ...call }) => ({
      key: undefined,
      ...call,
      ...known({ argumentsDelta }),
    })),
    ...known({
      textDelta: text,
      usage: isOllamaUsage(chunk) ? countsOf(chunk) : undefined,
      finishReason: textAt(chunk, "done_reason"),
      responseModel: textAt(chunk, "model"),
    }),
  };
}

function textOf(response: UnknownRecord): string | undefined {
  return textAt(recordAt(response, "message"), "content") ?? textAt(response, "response");
}

function countsOf({ prompt_eval_count, eval_count }: UnknownRecord): UnknownRecord {
  return { prompt_eval_count, eval_count };
}

function toolCallsOf(response: UnknownRecord): ToolCall[] {
  return recordsOf(arrayAt(recordAt(response, "message"), "tool_calls")).map((call) => {
    const fn = recordAt(call, "function");
    return known({
      id: textAt(call, "id"),
      name: textAt(fn, "name"),
      arguments: jsonText(fn["arguments"] ?? {}),
    });
  });
}
