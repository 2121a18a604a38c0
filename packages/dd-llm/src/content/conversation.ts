import type { LLMObservabilityMessage } from "@llmdevops/dd-core";
import { isRecord, textAt, type UnknownRecord } from "../formats/unknown-record.ts";

const maximumMessages = 1_000;

/**
 * Brings any provider's input (text, messages, Gemini contents) into LLM Observability's message form; binary
 * parts are replaced by their type.
 */
export function toMessages(input: unknown): LLMObservabilityMessage[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  const list = Array.isArray(input) ? input : [input];
  return list.slice(-maximumMessages).flatMap((message) => {
    if (typeof message === "string") return { role: "user", content: message };
    if (!isRecord(message)) return [];
    const role = textAt(message, "role") ?? "user";
    const body = message["content"] ?? message["parts"] ?? message["text"];
    return { role: role === "model" ? "assistant" : role, content: toText(body) };
  });
}

/** The text of a message body: a string, or the text of its parts. */
export function toText(body: unknown): string {
  if (typeof body === "string") return body;
  if (!Array.isArray(body)) return isRecord(body) ? partText(body) : "";
  return body.map((part) => (isRecord(part) ? partText(part) : String(part))).join("\n");
}

function partText(part: UnknownRecord): string {
  const text = textAt(part, "text") ?? textAt(part, "refusal");
  if (text !== undefined) return text;
  if (part["type"] === "tool_result") return toText(part["content"]);
  if (isRecord(part["functionResponse"])) return jsonText(part["functionResponse"]);
  if (isRecord(part["functionCall"])) return jsonText(part["functionCall"]);
  if (part["type"] === "tool_use") return jsonText({ name: part["name"], input: part["input"] });
  const media = isRecord(part["inlineData"]) ? textAt(part["inlineData"], "mimeType") : undefined;
  return `[${media ?? textAt(part, "type") ?? "binary"}]`;
}

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "[unserializable]";
  }
}
