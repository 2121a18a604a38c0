import { completeUsage, sumOfCounts, type TokenUsage, tokenCount } from "../usage/token-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall } from "./model-output.ts";
import { arrayAt, isRecord, recordAt, textAt, type UnknownRecord } from "./unknown-record.ts";

/**
 * Usage of the Gemini API: thoughts are counted beside the candidates, tool-use prompts beside the prompt
 * (https://ai.google.dev/api/generate-content#UsageMetadata).
 */
export function readGeminiUsage(usage: UnknownRecord): TokenUsage {
  const thoughts = tokenCount(usage["thoughtsTokenCount"]);
  return completeUsage({
    inputTokens: sumOfCounts(
      tokenCount(usage["promptTokenCount"]),
      tokenCount(usage["toolUsePromptTokenCount"]),
    ),
    outputTokens: sumOfCounts(tokenCount(usage["candidatesTokenCount"]), thoughts),
    totalTokens: tokenCount(usage["totalTokenCount"]),
    cacheReadInputTokens: tokenCount(usage["cachedContentTokenCount"]),
    reasoningOutputTokens: thoughts,
    inputAudioTokens: audioTokens(usage, "promptTokensDetails"),
    outputAudioTokens: audioTokens(usage, "candidatesTokensDetails"),
  });
}

/** Reads a complete response. */
export function readGeminiResponse(response: UnknownRecord): ModelOutput {
  const { texts, toolCalls, finishReason } = readCandidate(response);
  const responseModel = textAt(response, "modelVersion");
  const usage = response["usageMetadata"];
  return {
    text: texts.join(""),
    toolCalls,
    ...(isRecord(usage) ? { usage: readGeminiUsage(usage) } : {}),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(responseModel === undefined ? {} : { responseModel }),
  };
}

/** Reads one chunk of a stream, which is a response of its own with everything counted so far. */
export function readGeminiChunk(chunk: UnknownRecord): ChunkFacts | undefined {
  if (!("candidates" in chunk) && !("usageMetadata" in chunk)) return undefined;
  const { texts, toolCalls, finishReason, hasThought } = readCandidate(chunk);
  const responseModel = textAt(chunk, "modelVersion");
  const usage = chunk["usageMetadata"];
  const text = texts.join("");
  return {
    hasContent: text !== "" || toolCalls.length > 0 || hasThought,
    ...(text === "" ? {} : { textDelta: text }),
    ...(toolCalls.length === 0
      ? {}
      : {
          // Gemini sends each call whole, so every one is a call of its own.
          toolCallDeltas: toolCalls.map(({ id, name, arguments: text }) => ({
            key: "",
            ...(id === undefined ? {} : { id }),
            ...(name === undefined ? {} : { name }),
            ...(text === undefined ? {} : { argumentsDelta: text }),
          })),
        }),
    ...(isRecord(usage) ? { usage: readGeminiUsage(usage) } : {}),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(responseModel === undefined ? {} : { responseModel }),
  };
}

function readCandidate(response: UnknownRecord): {
  readonly texts: readonly string[];
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | undefined;
  readonly hasThought: boolean;
} {
  const first = arrayAt(response, "candidates")[0];
  const candidate = isRecord(first) ? first : {};
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  let hasThought = false;
  for (const part of arrayAt(recordAt(candidate, "content"), "parts")) {
    if (!isRecord(part)) continue;
    const text = textAt(part, "text");
    if (part["thought"] === true) hasThought ||= text !== undefined;
    else if (text !== undefined) texts.push(text);
    if (isRecord(part["functionCall"])) {
      const call = part["functionCall"];
      toolCalls.push({
        id: textAt(call, "id") ?? "",
        name: textAt(call, "name") ?? "",
        arguments: JSON.stringify(call["args"] ?? {}),
      });
    }
  }
  return { texts, toolCalls, finishReason: textAt(candidate, "finishReason"), hasThought };
}

function audioTokens(usage: UnknownRecord, key: string): number | undefined {
  for (const detail of arrayAt(usage, key)) {
    if (isRecord(detail) && detail["modality"] === "AUDIO") return tokenCount(detail["tokenCount"]);
  }
  return undefined;
}
