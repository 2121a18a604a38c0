import { readOpenAIResponsesUsage } from "../usage/openai-responses-usage.ts";
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

/** Reads a complete response. */
export function readOpenAIResponsesResponse(response: UnknownRecord): ModelOutput {
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  for (const item of recordsOf(arrayAt(response, "output"))) {
    if (isToolCall(item)) toolCalls.push(readFunctionCall(item));
    if (item["type"] !== "message") continue;
    for (const part of recordsOf(arrayAt(item, "content"))) {
      const text = textAt(part, "text") ?? textAt(part, "refusal");
      if (text !== undefined) texts.push(text);
    }
  }
  const usage = usageOf(response);
  return {
    text: texts.join(""),
    toolCalls,
    ...known({
      usage: usage === undefined ? undefined : readOpenAIResponsesUsage(usage),
      finishReason:
        textAt(recordAt(response, "incomplete_details"), "reason") ?? textAt(response, "status"),
      responseModel: textAt(response, "model"),
    }),
  };
}

/** The counts of a response, with the searches of the web, which stand among its items and are charged for each. */
function usageOf(response: UnknownRecord): UnknownRecord | undefined {
  const usage = response["usage"];
  if (!isRecord(usage)) return undefined;
  const searches = recordsOf(arrayAt(response, "output")).filter(isChargedSearch).length;
  return searches === 0 ? usage : { ...usage, web_search_requests: searches };
}

/** Opening a page that was found is free (https://platform.openai.com/docs/guides/tools-web-search). */
function isChargedSearch(item: UnknownRecord): boolean {
  if (item["type"] !== "web_search_call" || item["status"] === "failed") return false;
  const action = item["action"];
  return !isRecord(action) || action["type"] === "search";
}

function isToolCall(item: UnknownRecord): boolean {
  return item["type"] === "function_call" || item["type"] === "custom_tool_call";
}

/** Reads a `function_call` item, of a response or of an input, or a `custom_tool_call`, whose input is free text. */
export function readFunctionCall(item: UnknownRecord): ToolCall {
  return known({
    id: textAt(item, "call_id"),
    name: textAt(item, "name"),
    arguments: textAt(item, "arguments") ?? textAt(item, "input"),
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
    case "response.output_audio_transcript.delta":
    case "transcript.text.delta":
      return delta === undefined ? {} : { textDelta: delta, hasContent: true };
    case "response.reasoning_text.delta":
    case "response.reasoning_summary_text.delta":
    case "response.audio.delta":
    case "response.output_audio.delta":
      return { hasContent: delta !== undefined };
    case "response.function_call_arguments.delta":
    case "response.custom_tool_call_input.delta":
      return delta === undefined
        ? {}
        : { hasContent: true, toolCallDeltas: [{ key, argumentsDelta: delta }] };
    case "response.output_item.added":
      return readItemAdded(recordAt(event, "item"), key);
    case "response.completed":
    case "response.done":
    case "response.incomplete":
    case "response.failed":
      return readEnd(type, recordAt(event, "response"));
    case "speech.audio.delta":
    case "image_generation.partial_image":
    case "image_edit.partial_image":
      return { hasContent: true };
    case "transcript.text.done":
    case "speech.audio.done":
      return known({ usage: usageOf(event) });
    case "image_generation.completed":
    case "image_edit.completed":
      return { hasContent: true, ...known({ usage: usageOf(event) }) };
    case "error":
      return { failure: readFailure(event) };
    default:
      return type.startsWith("response.") ? {} : undefined;
  }
}

function readItemAdded(item: UnknownRecord, key: string): ChunkFacts {
  if (!isToolCall(item)) return {};
  const { id, name } = readFunctionCall(item);
  return { hasContent: true, toolCallDeltas: [{ key, ...known({ id, name }) }] };
}

function readEnd(type: string, response: UnknownRecord): ChunkFacts {
  const { finishReason, responseModel } = readOpenAIResponsesResponse(response);
  return known({
    usage: usageOf(response),
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
