import { completeUsage, sumOfCounts, type TokenUsage, tokenCount } from "../usage/token-usage.ts";
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

/** Pages of documents are counted as images (https://ai.google.dev/gemini-api/docs/document-processing). */
const images = ["IMAGE", "DOCUMENT"];
const audio = ["AUDIO"];
const inputDetails = ["promptTokensDetails", "toolUsePromptTokensDetails"];
/** The Live API says `responseTokensDetails`. */
const outputDetails = ["candidatesTokensDetails", "responseTokensDetails"];

/**
 * Usage of the Gemini API: thoughts are counted beside the candidates, tool-use prompts beside the prompt, the cache
 * inside it (https://ai.google.dev/api/generate-content#UsageMetadata). The Live API says `responseTokenCount`.
 */
export function readGeminiUsage(usage: UnknownRecord): TokenUsage {
  const thoughts = tokenCount(usage["thoughtsTokenCount"]);
  const cached = tokenCount(usage["cachedContentTokenCount"]);
  return completeUsage({
    inputTokens: sumOfCounts(
      tokenCount(usage["promptTokenCount"]),
      tokenCount(usage["toolUsePromptTokenCount"]),
    ),
    outputTokens: sumOfCounts(
      tokenCount(usage["candidatesTokenCount"]) ?? tokenCount(usage["responseTokenCount"]),
      thoughts,
    ),
    totalTokens: tokenCount(usage["totalTokenCount"]),
    cacheReadInputTokens: cached,
    reasoningOutputTokens: thoughts,
    inputAudioTokens: ofModality(usage, audio, ...inputDetails),
    cacheReadAudioInputTokens: ofModality(usage, audio, "cacheTokensDetails"),
    outputAudioTokens: ofModality(usage, audio, ...outputDetails),
    inputImageTokens: ofModality(usage, images, ...inputDetails),
    cacheReadImageInputTokens: ofModality(usage, images, "cacheTokensDetails"),
    outputImageTokens: ofModality(usage, images, ...outputDetails),
  });
}

/** Reads a complete response. */
export function readGeminiResponse(response: UnknownRecord): ModelOutput {
  const { text, toolCalls, finishReason } = readCandidate(response);
  const usage = response["usageMetadata"];
  return {
    text,
    toolCalls,
    ...known({
      usage: isRecord(usage) ? readGeminiUsage(usage) : undefined,
      finishReason: finishReason ?? blockReason(response),
      responseModel: textAt(response, "modelVersion"),
    }),
  };
}

/** Reads one chunk of a stream, which is a response of its own with everything counted so far. */
export function readGeminiChunk(chunk: UnknownRecord): ChunkFacts | undefined {
  if (!isGemini(chunk)) return undefined;
  const { text, toolCalls, finishReason, hasOther } = readCandidate(chunk);
  const usage = chunk["usageMetadata"];
  return {
    hasContent: text !== "" || toolCalls.length > 0 || hasOther,
    // Gemini sends each call whole, so every one is a call of its own.
    toolCallDeltas: toolCalls.map(({ arguments: argumentsDelta, ...call }) => ({
      key: undefined,
      ...call,
      ...known({ argumentsDelta }),
    })),
    ...known({
      textDelta: text === "" ? undefined : text,
      usage: isRecord(usage) ? usage : undefined,
      finishReason: finishReason ?? blockReason(chunk),
      responseModel: textAt(chunk, "modelVersion"),
    }),
  };
}

/** Whether an object is a response, or a chunk, of the Gemini API. */
export function isGemini(response: UnknownRecord): boolean {
  return "candidates" in response || "usageMetadata" in response || "promptFeedback" in response;
}

interface Candidate {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | undefined;
  /** Thoughts, images, sounds, or code that was run. */
  readonly hasOther: boolean;
}

const otherParts = ["inlineData", "executableCode", "codeExecutionResult"] as const;

function readCandidate(response: UnknownRecord): Candidate {
  const first = arrayAt(response, "candidates")[0];
  const candidate = isRecord(first) ? first : {};
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  let hasOther = false;
  for (const part of recordsOf(arrayAt(recordAt(candidate, "content"), "parts"))) {
    const text = textAt(part, "text");
    if (part["thought"] === true) hasOther ||= text !== undefined;
    else if (text !== undefined) texts.push(text);
    hasOther ||= otherParts.some((name) => isRecord(part[name]));
    const call = part["functionCall"];
    if (isRecord(call)) {
      toolCalls.push({
        ...known({ id: textAt(call, "id"), name: textAt(call, "name") }),
        arguments: jsonText(call["args"] ?? {}),
      });
    }
  }
  return {
    text: texts.join(""),
    toolCalls,
    finishReason: textAt(candidate, "finishReason"),
    hasOther,
  };
}

/** Why a prompt was refused: then there is no candidate, and so no finish reason. */
function blockReason(response: UnknownRecord): string | undefined {
  return textAt(recordAt(response, "promptFeedback"), "blockReason");
}

/** The tokens of some modalities in the lists that the usage has; absent where no list names them. */
function ofModality(
  usage: UnknownRecord,
  modalities: readonly unknown[],
  ...keys: readonly string[]
): number | undefined {
  const lists = keys.flatMap((key) => recordsOf(arrayAt(usage, key)));
  const counts = lists.filter(({ modality }) => modalities.includes(modality));
  return sumOfCounts(...counts.map(({ tokenCount: count }) => tokenCount(count)));
}
