import { messagesEncoder } from "./anthropic/messages-encoder.ts";
import { converseEncoder } from "./bedrock/converse-encoder.ts";
import { invokeModelEncoder } from "./bedrock/invoke-model-encoder.ts";
import { batchEmbedContentsEncoder, embedContentEncoder } from "./gemini/embed-content-encoder.ts";
import { generateContentEncoder } from "./gemini/generate-content-encoder.ts";
import { batchesEncoder } from "./openai/batches-encoder.ts";
import { chatEncoder } from "./openai/chat-encoder.ts";
import { completionsEncoder } from "./openai/completions-encoder.ts";
import { embeddingsEncoder } from "./openai/embeddings-encoder.ts";
import { imagesEncoder } from "./openai/images-encoder.ts";
import { moderationsEncoder } from "./openai/moderations-encoder.ts";
import { responsesEncoder } from "./openai/responses-encoder.ts";
import { speechEncoder } from "./openai/speech-encoder.ts";
import { transcriptionsEncoder } from "./openai/transcriptions-encoder.ts";
import type { ProviderEndpoint, ProviderName } from "./provider-name.ts";
import type { StreamFraming } from "./stream-frame.ts";
import type { WireEncoder } from "./wire-encoder.ts";

/** What a path asks for. */
export interface RequestRoute {
  readonly provider: ProviderName;
  readonly endpoint: ProviderEndpoint;
  readonly encoder: WireEncoder;
  /** Model named by the path; undefined where the body names it. */
  readonly model?: string;
  /** Whether only the path can name the model. */
  readonly modelInPath?: true;
  /** Whether the path itself asks for a stream; undefined where the body does. */
  readonly streamed?: boolean;
  /** A Gemini stream without `alt=sse` is one JSON array, one of Bedrock is binary. */
  readonly streamFraming: StreamFraming;
}

const openaiOperations: ReadonlyMap<string, [ProviderEndpoint, WireEncoder]> = new Map([
  ["chat/completions", ["chat.completions", chatEncoder]],
  ["completions", ["completions", completionsEncoder]],
  ["responses", ["responses", responsesEncoder]],
  ["embeddings", ["embeddings", embeddingsEncoder]],
  ["images/generations", ["images", imagesEncoder]],
  ["images/edits", ["images", imagesEncoder]],
  ["images/variations", ["images", imagesEncoder]],
  ["audio/speech", ["speech", speechEncoder]],
  ["audio/transcriptions", ["transcriptions", transcriptionsEncoder]],
  ["audio/translations", ["transcriptions", transcriptionsEncoder]],
  ["moderations", ["moderations", moderationsEncoder]],
]);

const geminiOperations: ReadonlyMap<string, [ProviderEndpoint, WireEncoder]> = new Map([
  ["generateContent", ["generateContent", generateContentEncoder]],
  ["streamGenerateContent", ["generateContent", generateContentEncoder]],
  ["embedContent", ["embedContent", embedContentEncoder]],
  ["batchEmbedContents", ["batchEmbedContents", batchEmbedContentsEncoder]],
]);

const openaiPath =
  /^(?:\/openai)?(?:\/v1)?(?:\/deployments\/([^/]+))?\/((?:chat\/|images\/|audio\/)?[a-z]+)$/;
const batchPath = /^(?:\/openai)?(?:\/v1)?\/batches(?:\/([^/]+(?:\/cancel)?))?$/;
const geminiPath = /^\/v1[a-z0-9]*\/(?:[^:]*\/)?(?:models|tunedModels)\/([^/:]+):([A-Za-z]+)$/;

const bedrockPath =
  /^\/model\/([^/]+)\/(converse|converse-stream|invoke|invoke-with-response-stream)$/;

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function geminiRoute(url: URL): RequestRoute | undefined {
  const match = geminiPath.exec(url.pathname);
  const operation = geminiOperations.get(match?.[2] ?? "");
  if (match === null || operation === undefined) return undefined;
  return {
    provider: "gemini",
    endpoint: operation[0],
    encoder: operation[1],
    model: decode(match[1] ?? ""),
    modelInPath: true,
    streamed: match[2] === "streamGenerateContent",
    streamFraming: url.searchParams.get("alt") === "sse" ? "events" : "json_array",
  };
}

function bedrockRoute(url: URL): RequestRoute | undefined {
  const match = bedrockPath.exec(url.pathname);
  if (match === null) return undefined;
  const model = decode(match[1] ?? "");
  const converse = match[2]?.startsWith("converse") === true;
  return {
    provider: "bedrock",
    endpoint: converse ? "converse" : "invokeModel",
    encoder: converse ? converseEncoder : invokeModelEncoder(model),
    model,
    modelInPath: true,
    streamed: match[2]?.endsWith("stream") === true,
    streamFraming: "amazon_event_stream",
  };
}

function batchRoute(url: URL, method: string): RequestRoute | undefined {
  const match = batchPath.exec(url.pathname);
  if (match === null) return undefined;
  const operation = match[1] ?? (method === "GET" ? "list" : "create");
  const encoder = batchesEncoder(decode(operation));
  return { provider: "openai", endpoint: "batches", encoder, streamFraming: "events" };
}

/** Finds the operation a path names, Azure's deployment paths included. */
export function routeOf(url: URL, method: string): RequestRoute | undefined {
  if (url.pathname === "/v1/messages") {
    return {
      provider: "anthropic",
      endpoint: "messages",
      encoder: messagesEncoder,
      streamFraming: "events",
    };
  }
  const match = openaiPath.exec(url.pathname);
  const operation = openaiOperations.get(match?.[2] ?? "");
  if (operation === undefined) {
    return batchRoute(url, method) ?? bedrockRoute(url) ?? geminiRoute(url);
  }
  const deployment = match?.[1];
  return {
    provider: "openai",
    endpoint: operation[0],
    encoder: operation[1],
    ...(deployment === undefined ? {} : { model: decode(deployment) }),
    streamFraming: "events",
  };
}

/** The route that answers 404 in the words of the provider the path looks like. */
export function unknownRoute(url: URL): RequestRoute {
  const streamFraming = "events" as const;
  const endpoint = "unknown" as const;
  if (url.pathname.startsWith("/v1/messages")) {
    return { provider: "anthropic", endpoint, encoder: messagesEncoder, streamFraming };
  }
  if (/^\/v1(?:alpha|beta)/.test(url.pathname)) {
    return { provider: "gemini", endpoint, encoder: generateContentEncoder, streamFraming };
  }
  if (url.pathname.startsWith("/model/")) {
    return { provider: "bedrock", endpoint, encoder: converseEncoder, streamFraming };
  }
  return { provider: "openai", endpoint, encoder: chatEncoder, streamFraming };
}
