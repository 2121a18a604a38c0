import { normalizeUsage } from "../usage/normalize-usage.ts";
import { sumOfCounts, tokenCount } from "../usage/token-usage.ts";
import { isAISDKResult, readAISDKPart, readAISDKResult } from "./ai-sdk.ts";
import { readAnthropicChunk, readAnthropicResponse } from "./anthropic.ts";
import { isConverse, readConverseChunk, readConverseResponse } from "./bedrock-converse.ts";
import {
  invocationMetrics,
  readInvokeModelChunk,
  readInvokeModelResponse,
  unwrapped,
} from "./bedrock-invoke-model.ts";
import { readCohereChunk, readCohereResponse } from "./cohere.ts";
import { isGemini, readGeminiChunk, readGeminiResponse } from "./gemini.ts";
import type { ChunkFacts, ModelOutput } from "./model-output.ts";
import { readOllamaChunk, readOllamaResponse } from "./ollama.ts";
import { readOpenAIChatChunk, readOpenAIChatResponse } from "./openai-chat.ts";
import { readOpenAIResponsesChunk, readOpenAIResponsesResponse } from "./openai-responses.ts";
import {
  arrayAt,
  isRecord,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

/** Reads a complete response of any known provider; an unknown one says nothing. Never throws. */
export function readModelOutput(response: unknown): ModelOutput {
  if (!isRecord(response)) return {};
  try {
    return readResponse(unwrapped(response) ?? response);
  } catch {
    // A getter of a foreign object threw, or a body is no JSON: nothing can be known of it.
    return {};
  }
}

function readResponse(response: UnknownRecord): ModelOutput {
  if (Array.isArray(response["choices"])) return readOpenAIChatResponse(response);
  if (Array.isArray(response["output"])) return readOpenAIResponsesResponse(response);
  if (isGemini(response)) return readGeminiResponse(response);
  if (isAnthropic(response)) return readAnthropicResponse(response);
  if (isConverse(response)) return readConverseResponse(response);
  if (isAISDKResult(response)) return readAISDKResult(response);
  return (
    readCohereResponse(response) ??
    readInvokeModelResponse(response) ??
    readOllamaResponse(response) ??
    readOtherResponse(response)
  );
}

/** The AI SDK's results have a `content` too, but no `stop_reason`. */
function isAnthropic(response: UnknownRecord): boolean {
  return Array.isArray(response["content"]) && "stop_reason" in response;
}

/** Embeddings, images and transcriptions: usage, and text where there is one. */
function readOtherResponse(response: UnknownRecord): ModelOutput {
  const usage = response["usage"] ?? embeddingCounts(response);
  return known({
    text: textAt(response, "text"),
    usage: isRecord(usage) ? normalizeUsage(usage) : undefined,
    finishReason: textAt(response, "finishReason"),
    responseModel: textAt(response, "model"),
  });
}

/** Vertex AI counts the tokens of each embedding (https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings). */
function embeddingCounts(response: UnknownRecord): UnknownRecord | undefined {
  const embeddings = recordsOf(arrayAt(response, "embeddings"));
  const counts = embeddings.map((embedding) => recordAt(embedding, "statistics")["tokenCount"]);
  const inputTokens = sumOfCounts(...counts.map(tokenCount));
  return inputTokens === undefined ? undefined : { inputTokens };
}

/** Reads one chunk of a stream of any known provider. Never throws. */
export function readChunk(chunk: unknown): ChunkFacts {
  if (typeof chunk === "string") return { textDelta: chunk, hasContent: chunk !== "" };
  if (!isRecord(chunk)) return {};
  try {
    // The most frequent form first.
    const facts = readOpenAIChatChunk(chunk);
    if (facts !== undefined) return facts;
    const body = unwrapped(chunk);
    return body === undefined ? readPlainChunk(chunk) : readBedrockChunk(body);
  } catch {
    // A getter of a foreign object threw, or a body is no JSON: the chunk says nothing.
    return {};
  }
}

function readPlainChunk(chunk: UnknownRecord): ChunkFacts {
  return (
    readOpenAIChatChunk(chunk) ??
    readGeminiChunk(chunk) ??
    readAnthropicChunk(chunk) ??
    readOpenAIResponsesChunk(chunk) ??
    readConverseChunk(chunk) ??
    readCohereChunk(chunk) ??
    readAISDKPart(chunk) ??
    readOllamaChunk(chunk) ??
    {}
  );
}

/** A chunk of InvokeModel speaks the form of its model; the last one also has Bedrock's own counts. */
function readBedrockChunk(body: UnknownRecord): ChunkFacts {
  const facts = readPlainChunk(body);
  if (Object.keys(facts).length === 0) return readInvokeModelChunk(body) ?? {};
  const metrics = invocationMetrics(body);
  return metrics === undefined ? facts : { ...facts, usage: { ...metrics, ...facts.usage } };
}
