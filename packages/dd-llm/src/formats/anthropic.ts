import { readAnthropicUsage } from "../usage/anthropic-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall } from "./model-output.ts";
import {
  arrayAt,
  isRecord,
  jsonText,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

/** Reads a complete message. */
export function readAnthropicResponse(response: UnknownRecord): ModelOutput {
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  for (const block of recordsOf(arrayAt(response, "content"))) {
    const text = block["type"] === "text" ? textAt(block, "text") : undefined;
    if (text !== undefined) texts.push(text);
    if (isToolUse(block)) {
      toolCalls.push({ ...toolIdentity(block), arguments: jsonText(block["input"] ?? {}) });
    }
  }
  const usage = response["usage"];
  return {
    text: texts.join(""),
    toolCalls,
    ...known({
      usage: isRecord(usage) ? readAnthropicUsage(usage) : undefined,
      finishReason: textAt(response, "stop_reason"),
      responseModel: textAt(response, "model"),
    }),
  };
}

/** Reads one event of a stream; its usage is cumulative and incomplete, so the caller merges. */
export function readAnthropicChunk(event: UnknownRecord): ChunkFacts | undefined {
  switch (event["type"]) {
    case "message_start": {
      const message = recordAt(event, "message");
      return {
        usage: recordAt(message, "usage"),
        ...known({ responseModel: textAt(message, "model") }),
      };
    }
    case "content_block_start":
      return readBlockStart(event);
    case "content_block_delta":
      return readBlockDelta(event);
    case "message_delta":
      return {
        usage: recordAt(event, "usage"),
        ...known({ finishReason: textAt(recordAt(event, "delta"), "stop_reason") }),
      };
    case "error":
      return readError(event);
    default:
      return undefined;
  }
}

function readBlockStart(event: UnknownRecord): ChunkFacts {
  const block = recordAt(event, "content_block");
  if (isToolUse(block)) {
    return {
      hasContent: true,
      toolCallDeltas: [{ key: String(event["index"]), ...toolIdentity(block) }],
    };
  }
  const text = textAt(block, "text");
  return text === undefined ? {} : { textDelta: text, hasContent: true };
}

function readBlockDelta(event: UnknownRecord): ChunkFacts {
  const delta = recordAt(event, "delta");
  const text = textAt(delta, "text");
  if (text !== undefined) return { textDelta: text, hasContent: true };
  const partial = textAt(delta, "partial_json");
  if (partial !== undefined) {
    return {
      hasContent: true,
      toolCallDeltas: [{ key: String(event["index"]), argumentsDelta: partial }],
    };
  }
  return textAt(delta, "thinking") === undefined ? {} : { hasContent: true };
}

/** The official SDK throws this event; whoever reads the wire sees it. OpenAI's Responses API has one of its own. */
function readError(event: UnknownRecord): ChunkFacts | undefined {
  const error = event["error"];
  if (!isRecord(error)) return undefined;
  const code = textAt(error, "type");
  return { failure: { message: textAt(error, "message") ?? code ?? "unknown error", code } };
}

function isToolUse(block: UnknownRecord): boolean {
  const type = block["type"];
  return type === "tool_use" || type === "server_tool_use" || type === "mcp_tool_use";
}

function toolIdentity(block: UnknownRecord): Pick<ToolCall, "id" | "name"> {
  return known({ id: textAt(block, "id"), name: textAt(block, "name") });
}
