import { completeUsage, sumOfCounts, type TokenUsage, tokenCount } from "../usage/token-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall } from "./model-output.ts";
import { arrayAt, isRecord, recordAt, textAt, type UnknownRecord } from "./unknown-record.ts";

/**
 * Usage of Anthropic's Messages API, whose `input_tokens` excludes the cache
 * (https://docs.claude.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance).
 */
export function readAnthropicUsage(usage: UnknownRecord): TokenUsage {
  const read = tokenCount(usage["cache_read_input_tokens"]);
  const written = tokenCount(usage["cache_creation_input_tokens"]);
  const byAge = recordAt(usage, "cache_creation");
  const outputDetails = recordAt(usage, "output_tokens_details");
  const uncached = tokenCount(usage["input_tokens"]);
  return completeUsage({
    inputTokens: uncached === undefined ? undefined : sumOfCounts(uncached, read, written),
    outputTokens: tokenCount(usage["output_tokens"]),
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
    cacheWrite5mInputTokens: tokenCount(byAge["ephemeral_5m_input_tokens"]),
    cacheWrite1hInputTokens: tokenCount(byAge["ephemeral_1h_input_tokens"]),
    reasoningOutputTokens: tokenCount(outputDetails["thinking_tokens"]),
  });
}

/** Reads a complete message. */
export function readAnthropicResponse(response: UnknownRecord): ModelOutput {
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  for (const block of arrayAt(response, "content")) {
    if (!isRecord(block)) continue;
    const text = block["type"] === "text" ? textAt(block, "text") : undefined;
    if (text !== undefined) texts.push(text);
    if (block["type"] === "tool_use") {
      toolCalls.push({
        id: textAt(block, "id") ?? "",
        name: textAt(block, "name") ?? "",
        arguments: JSON.stringify(block["input"] ?? {}),
      });
    }
  }
  const finishReason = textAt(response, "stop_reason");
  const responseModel = textAt(response, "model");
  return {
    text: texts.join(""),
    toolCalls,
    ...(isRecord(response["usage"]) ? { usage: readAnthropicUsage(response["usage"]) } : {}),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(responseModel === undefined ? {} : { responseModel }),
  };
}

/** Reads one event of a stream; the usage of `message_delta` is cumulative and incomplete, so the caller merges. */
export function readAnthropicChunk(event: UnknownRecord): ChunkFacts | undefined {
  switch (event["type"]) {
    case "message_start": {
      const message = recordAt(event, "message");
      const responseModel = textAt(message, "model");
      return {
        usage: readAnthropicUsage(recordAt(message, "usage")),
        ...(responseModel === undefined ? {} : { responseModel }),
      };
    }
    case "content_block_start":
      return readBlockStart(event);
    case "content_block_delta":
      return readBlockDelta(event);
    case "message_delta": {
      const finishReason = textAt(recordAt(event, "delta"), "stop_reason");
      return {
        usage: readAnthropicUsage(recordAt(event, "usage")),
        ...(finishReason === undefined ? {} : { finishReason }),
      };
    }
    case "content_block_stop":
    case "message_stop":
    case "ping":
      return {};
    default:
      return undefined;
  }
}

function readBlockStart(event: UnknownRecord): ChunkFacts {
  const block = recordAt(event, "content_block");
  if (block["type"] !== "tool_use") {
    const text = textAt(block, "text");
    return text === undefined ? {} : { textDelta: text, hasContent: true };
  }
  return {
    hasContent: true,
    toolCallDeltas: [
      {
        key: String(event["index"]),
        id: textAt(block, "id") ?? "",
        name: textAt(block, "name") ?? "",
      },
    ],
  };
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
