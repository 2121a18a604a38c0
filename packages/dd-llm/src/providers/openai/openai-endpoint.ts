import type { LLMRequestType } from "../../span/llm-span-options.ts";

/** Paths of model calls, relative to the base URL (https://platform.openai.com/docs/api-reference). */
const requestTypeByPath: ReadonlyMap<string, LLMRequestType> = new Map([
  ["/chat/completions", "chat"],
  ["/responses", "chat"],
  ["/responses/compact", "chat"],
  ["/completions", "completion"],
  ["/embeddings", "embed"],
  ["/images/generations", "image"],
  ["/images/edits", "image"],
  ["/images/variations", "image"],
  ["/audio/speech", "audio"],
  ["/audio/transcriptions", "audio"],
  ["/audio/translations", "audio"],
  ["/moderations", "moderation"],
  ["/batches", "chat"],
]);

/** Where a path leads, or `undefined` when it is no model call. */
export function openAIRequestType(path: string): LLMRequestType | undefined {
  return requestTypeByPath.get(path.split("?", 1)[0] ?? path);
}

/** What a batch asks for: the path of its requests is in its body. */
export function openAIBatchType(endpoint: unknown): LLMRequestType {
  const path = typeof endpoint === "string" ? endpoint.replace(/^\/v1/, "") : "";
  return openAIRequestType(path) ?? "chat";
}
