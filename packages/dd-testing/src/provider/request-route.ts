import { messagesEncoder } from "./anthropic/messages-encoder.ts";
import { batchEmbedContentsEncoder, embedContentEncoder } from "./gemini/embed-content-encoder.ts";
import { generateContentEncoder } from "./gemini/generate-content-encoder.ts";
import { chatEncoder } from "./openai/chat-encoder.ts";
import { completionsEncoder } from "./openai/completions-encoder.ts";
import { embeddingsEncoder } from "./openai/embeddings-encoder.ts";
import { responsesEncoder } from "./openai/responses-encoder.ts";
import type { ProviderEndpoint, ProviderName } from "./provider-name.ts";
import type { WireEncoder } from "./wire-encoder.ts";

/** What a path asks for. */
export interface RequestRoute {
  readonly provider: ProviderName;
  readonly endpoint: ProviderEndpoint;
  readonly encoder: WireEncoder;
  /** Model named by the path; undefined where the body names it. */
  readonly model?: string;
  /** Whether the path itself asks for a stream; undefined where the body does. */
  readonly streamed?: boolean;
  /** A Gemini stream without `alt=sse` is one JSON array. */
  readonly streamFraming: "events" | "json_array";
}

const openaiOperations: ReadonlyMap<string, [ProviderEndpoint, WireEncoder]> = new Map([
  ["chat/completions", ["chat.completions", chatEncoder]],
  ["completions", ["completions", completionsEncoder]],
  ["responses", ["responses", responsesEncoder]],
  ["embeddings", ["embeddings", embeddingsEncoder]],
]);

const geminiOperations: ReadonlyMap<string, [ProviderEndpoint, WireEncoder]> = new Map([
  ["generateContent", ["generateContent", generateContentEncoder]],
  ["streamGenerateContent", ["generateContent", generateContentEncoder]],
  ["embedContent", ["embedContent", embedContentEncoder]],
  ["batchEmbedContents", ["batchEmbedContents", batchEmbedContentsEncoder]],
]);

const openaiPath =
  /^(?:\/openai)?(?:\/v1)?(?:\/deployments\/([^/]+))?\/(chat\/completions|completions|responses|embeddings)$/;
const geminiPath = /^\/v1[a-z0-9]*\/(?:[^:]*\/)?(?:models|tunedModels)\/([^/:]+):([A-Za-z]+)$/;

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
    streamed: match[2] === "streamGenerateContent",
    streamFraming: url.searchParams.get("alt") === "sse" ? "events" : "json_array",
  };
}

/** Finds the operation a path names, Azure's deployment paths included. */
export function routeOf(url: URL): RequestRoute | undefined {
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
  if (operation === undefined) return geminiRoute(url);
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
  return { provider: "openai", endpoint, encoder: chatEncoder, streamFraming };
}
