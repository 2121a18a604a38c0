import { isJsonObject, ownValue } from "./json-value.ts";
import type { ProviderEndpoint } from "./provider-name.ts";

const promptFields = [
  "system",
  "systemInstruction",
  "instructions",
  "messages",
  "input",
  "prompt",
  "contents",
  "content",
  "requests",
  "inputText",
  "texts",
];
const textFields = ["text", "content", "parts", "thinking", "output", "arguments", "toolResult"];
const deepest = 16;

function collect(value: unknown, into: string[], depth: number): void {
  if (typeof value === "string") into.push(value);
  if (depth >= deepest) return;
  if (Array.isArray(value)) for (const item of value) collect(item, into, depth + 1);
  if (!isJsonObject(value)) return;
  for (const field of textFields) collect(ownValue(value, field), into, depth + 1);
}

function textOf(value: unknown): string {
  const texts: string[] = [];
  collect(value, texts, 0);
  return texts.join("\n");
}

/** All text of a prompt, in the order of the fields that can hold it. */
export function promptText(body: unknown): string {
  const texts: string[] = [];
  for (const field of promptFields) {
    const value = ownValue(body, field);
    if (field !== "requests") collect(value, texts, 0);
    else if (Array.isArray(value)) {
      for (const request of value) collect(ownValue(request, "content"), texts, 0);
    }
  }
  return texts.join("\n");
}

/** Text of the last message of the user; of the whole prompt where there are no messages. */
export function lastUserText(body: unknown): string {
  for (const field of ["messages", "input", "contents"]) {
    const messages = ownValue(body, field);
    if (!Array.isArray(messages)) continue;
    const last = messages.findLast(
      (message) => ownValue(message, "role") === "user" && textOf(message) !== "",
    );
    if (last !== undefined) return textOf(last);
  }
  return promptText(body);
}

function openaiInputs(input: unknown): string[] {
  if (!Array.isArray(input)) return [String(input ?? "")];
  if (input.every((item) => typeof item === "number")) return [input.join(" ")];
  return input.map((item) => (Array.isArray(item) ? item.join(" ") : String(item)));
}

/** Cohere takes several texts, Titan one. */
function bedrockInputs(body: unknown): string[] {
  const texts = ownValue(body, "texts");
  if (Array.isArray(texts)) return texts.map(String);
  const text = ownValue(body, "inputText");
  return typeof text === "string" ? [text] : [];
}

/** The texts an embedding request wants vectors for; none for any other request. */
export function embeddingTexts(endpoint: ProviderEndpoint, body: unknown): string[] {
  if (endpoint === "embeddings") return openaiInputs(ownValue(body, "input"));
  if (endpoint === "embedContent") return [textOf(ownValue(body, "content"))];
  if (endpoint === "invokeModel") return bedrockInputs(body);
  const requests = ownValue(body, "requests");
  if (endpoint !== "batchEmbedContents" || !Array.isArray(requests)) return [];
  return requests.map((request) => textOf(ownValue(request, "content")));
}

/** The vector length an embedding request asks for. */
export function requestedDimensions(body: unknown): unknown {
  const requests = ownValue(body, "requests");
  const first = Array.isArray(requests) ? requests[0] : body;
  const config = ownValue(first, "embedContentConfig");
  return (
    ownValue(first, "dimensions") ??
    ownValue(first, "outputDimensionality") ??
    (isJsonObject(config) ? ownValue(config, "outputDimensionality") : undefined)
  );
}
