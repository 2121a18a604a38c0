import type { IncomingRequest } from "./http-protocols.ts";
import { freezeJson, ownValue } from "./json-value.ts";
import { readMultipart } from "./multipart-body.ts";
import type { ProviderRequest } from "./provider-request.ts";
import type { RequestRoute } from "./request-route.ts";
import { lastUserText, promptText } from "./request-text.ts";

const credentialHeaders: ReadonlySet<string> = new Set([
  "api-key",
  "authorization",
  "cookie",
  "proxy-authorization",
  "x-api-key",
  "x-goog-api-key",
]);
const credentialParameters = ["access_token", "api-key", "api_key", "key"];
const redacted = "[redacted]";

function safeHeaders(message: IncomingRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (name.startsWith(":")) continue; // HTTP/2 spells method and path as headers
    const text = Array.isArray(value) ? value.join(", ") : (value ?? "");
    headers[name] = credentialHeaders.has(name) ? redacted : text;
  }
  return headers;
}

function safePath(url: URL): string {
  const parameters = new URLSearchParams(url.search);
  const secret = credentialParameters.filter((name) => parameters.has(name));
  if (secret.length === 0) return url.pathname + url.search;
  for (const name of secret) parameters.set(name, redacted);
  return `${url.pathname}?${parameters.toString().replaceAll("%5Bredacted%5D", redacted)}`;
}

/**
 * Reads a request body up to a limit; undefined when it is larger. Reading goes on past the limit
 * without keeping anything, so that the client gets the answer instead of a reset connection.
 *
 * Rejects when the client goes away in the middle.
 */
export async function readBody(
  message: IncomingRequest,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message) {
    size += (piece as Buffer).length;
    if (size <= maxBytes) pieces.push(piece as Buffer);
    else pieces.length = 0;
  }
  return size > maxBytes ? undefined : Buffer.concat(pieces);
}

/** Parses a body: JSON, a form with files, or the text it is. */
export async function parseBody(body: Buffer, contentType = ""): Promise<unknown> {
  if (/^multipart\/form-data\b/i.test(contentType)) {
    const form = await readMultipart(body, contentType);
    if (form !== undefined) return freezeJson(form);
  }
  const text = body.toString("utf8");
  try {
    return freezeJson(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Forms have only texts. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** Puts together what the server understood of a request. */
export function describeRequest(
  message: IncomingRequest,
  url: URL,
  route: RequestRoute,
  body: unknown,
  sequence: number,
): ProviderRequest {
  const model = route.modelInPath ? undefined : ownValue(body, "model");
  return Object.freeze({
    sequence,
    provider: route.provider,
    endpoint: route.endpoint,
    method: message.method ?? "",
    path: safePath(url),
    headers: Object.freeze(safeHeaders(message)),
    body,
    model: typeof model === "string" ? model : (route.model ?? ""),
    streamed: route.streamed ?? isTrue(ownValue(body, "stream")),
    inputText: promptText(body),
    lastUserText: lastUserText(body),
  });
}
