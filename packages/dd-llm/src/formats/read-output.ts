import { readAnthropicChunk, readAnthropicResponse } from "./anthropic.ts";
import { readGeminiChunk, readGeminiResponse } from "./gemini.ts";
import type { ChunkFacts, ModelOutput } from "./model-output.ts";
import { readOpenAIChatChunk, readOpenAIChatResponse } from "./openai-chat.ts";
import { readOpenAIResponsesChunk, readOpenAIResponsesResponse } from "./openai-responses.ts";
import { isRecord } from "./unknown-record.ts";

/** Reads a complete response of any known provider; an unknown one says nothing. Never throws. */
export function readModelOutput(response: unknown): ModelOutput {
  if (!isRecord(response)) return {};
  try {
    if (Array.isArray(response["choices"])) return readOpenAIChatResponse(response);
    if (Array.isArray(response["output"])) return readOpenAIResponsesResponse(response);
    if ("candidates" in response || "usageMetadata" in response)
      return readGeminiResponse(response);
    if (Array.isArray(response["content"])) return readAnthropicResponse(response);
  } catch {
    // A getter of a foreign object threw: nothing can be known of it.
  }
  return {};
}

/** Reads one chunk of a stream of any known provider. Never throws. */
export function readChunk(chunk: unknown): ChunkFacts {
  if (typeof chunk === "string") return { textDelta: chunk, hasContent: chunk !== "" };
  if (!isRecord(chunk)) return {};
  try {
    return (
      readOpenAIChatChunk(chunk) ??
      readGeminiChunk(chunk) ??
      readAnthropicChunk(chunk) ??
      readOpenAIResponsesChunk(chunk) ??
      {}
    );
  } catch {
    return {};
  }
}
