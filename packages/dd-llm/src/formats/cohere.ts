import { isCohereUsage } from "../usage/cohere-usage.ts";
import { normalizeUsage } from "../usage/normalize-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall } from "./model-output.ts";
import { readToolCall } from "./openai-chat.ts";
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
 * Reads a complete answer of Cohere, of its own API in both versions and on Amazon Bedrock
 * (https://docs.cohere.com/reference/chat). `undefined` for any other form.
 */
export function readCohereResponse(response: UnknownRecord): ModelOutput | undefined {
  const usage = usageOf(response);
  const isCohere =
    usage !== undefined || "generation_id" in response || Array.isArray(response["generations"]);
  if (!isCohere) return undefined;
  const message = recordAt(response, "message");
  const first = recordsOf(arrayAt(response, "generations"))[0] ?? response;
  const parts = recordsOf(arrayAt(message, "content"));
  const texts = parts.map((part) => textAt(part, "text") ?? "");
  const toolCalls: readonly ToolCall[] = recordsOf(arrayAt(message, "tool_calls")).map(
    readToolCall,
  );
  return known({
    text: textAt(first, "text") ?? (parts.length > 0 ? texts.join("") : undefined),
    toolCalls: toolCalls.length > 0 ? toolCalls : undefined,
    usage: usage === undefined ? undefined : normalizeUsage(usage),
    finishReason: textAt(first, "finish_reason"),
  });
}

/** Reads one event of a stream of Cohere, in both versions and on Amazon Bedrock. */
export function readCohereChunk(event: UnknownRecord): ChunkFacts | undefined {
  if (isOldEvent(event)) return readOldEvent(event);
  const delta = recordAt(event, "delta");
  const message = recordAt(delta, "message");
  switch (event["type"]) {
    case "content-delta": {
      const content = recordAt(message, "content");
      const text = textAt(content, "text");
      if (text !== undefined) return { textDelta: text, hasContent: true };
      return { hasContent: textAt(content, "thinking") !== undefined };
    }
    case "tool-plan-delta":
      return { hasContent: true };
    case "tool-call-start":
    case "tool-call-delta":
      return isRecord(message["tool_calls"]) ? toolFacts(event, message["tool_calls"]) : undefined;
    case "message-end":
      return known({
        usage: usageOf(delta),
        finishReason: textAt(delta, "finish_reason"),
      });
    default:
      return undefined;
  }
}

/** Version 1 names its events by `event_type`; Command on Amazon Bedrock has `is_finished` only. */
function isOldEvent(event: UnknownRecord): boolean {
  return typeof event["event_type"] === "string" || typeof event["is_finished"] === "boolean";
}

function readOldEvent(event: UnknownRecord): ChunkFacts {
  // The last event repeats the whole answer.
  const isText = event["event_type"] === undefined || event["event_type"] === "text-generation";
  const text = isText ? textAt(event, "text") : undefined;
  return known({
    textDelta: text,
    hasContent: text === undefined ? undefined : true,
    usage: usageOf(recordAt(event, "response")),
    finishReason: textAt(event, "finish_reason"),
  });
}

function toolFacts(event: UnknownRecord, call: UnknownRecord): ChunkFacts {
  const { arguments: argumentsDelta, ...identity } = readToolCall(call);
  const delta = { key: String(event["index"]), ...identity, ...known({ argumentsDelta }) };
  return { hasContent: true, toolCallDeltas: [delta] };
}

/** Version 1 has its counts in `meta`. */
function usageOf(holder: UnknownRecord): UnknownRecord | undefined {
  const found = [holder["usage"], holder["meta"]].find(
    (counts) => isRecord(counts) && isCohereUsage(counts),
  );
  return isRecord(found) ? found : undefined;
}
