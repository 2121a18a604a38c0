import { readOpenAIChatUsage } from "../usage/openai-chat-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall, ToolCallDelta } from "./model-output.ts";
import {
  arrayAt,
  isRecord,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

const noToolCalls: readonly ToolCallDelta[] = [];

/** Reads a complete chat completion, or one of the older text completions. */
export function readOpenAIChatResponse(response: UnknownRecord): ModelOutput {
  const choice = firstChoice(response);
  const message = recordAt(choice, "message");
  const toolCalls = recordsOf(arrayAt(message, "tool_calls")).map(readToolCall);
  const usage = response["usage"];
  return {
    text: readText(message) ?? textAt(choice, "text") ?? "",
    toolCalls,
    ...known({
      usage: isRecord(usage) ? readOpenAIChatUsage(usage) : undefined,
      // Models of Mistral and DeepSeek say `stop_reason` on Amazon Bedrock.
      finishReason: textAt(choice, "finish_reason") ?? textAt(choice, "stop_reason"),
      responseModel: textAt(response, "model"),
    }),
  };
}

/** Reads one chunk; the last one may carry usage and no choice at all. */
export function readOpenAIChatChunk(chunk: UnknownRecord): ChunkFacts | undefined {
  const choices = chunk["choices"];
  if (!Array.isArray(choices)) return undefined;
  const facts: { -readonly [K in keyof ChunkFacts]: ChunkFacts[K] } = {
    hasContent: false,
    toolCallDeltas: noToolCalls,
  };
  // Thousands of chunks a second come through here, nearly all with one piece of text and nothing else.
  let isFound = false;
  for (const choice of choices as unknown[]) {
    if (!isRecord(choice)) continue;
    const text = choiceText(choice);
    if (text !== undefined || hasOtherContent(choice)) facts.hasContent = true;
    const { index } = choice;
    if (isFound || (index !== 0 && index !== undefined)) continue;
    isFound = true;
    if (text !== undefined) facts.textDelta = text;
    const reason = choice["finish_reason"] ?? choice["stop_reason"];
    if (typeof reason === "string" && reason !== "") facts.finishReason = reason;
    const calls = recordAt(choice, "delta")["tool_calls"];
    if (Array.isArray(calls)) facts.toolCallDeltas = recordsOf(calls).map(readToolCallDelta);
  }
  const { model, usage, x_groq: groq } = chunk;
  if (typeof model === "string" && model !== "") facts.responseModel = model;
  if (isRecord(usage)) facts.usage = usage;
  // Groq's own place for it, which it also has without being asked (https://console.groq.com/docs/api-reference).
  else if (isRecord(groq) && isRecord(groq["usage"])) facts.usage = groq["usage"];
  return facts;
}

function choiceText(choice: UnknownRecord): string | undefined {
  const { delta } = choice;
  return (isRecord(delta) ? readText(delta) : undefined) ?? textAt(choice, "text");
}

function hasOtherContent(choice: UnknownRecord): boolean {
  const delta = recordAt(choice, "delta");
  return (
    textAt(delta, "reasoning_content") !== undefined ||
    textAt(delta, "reasoning") !== undefined ||
    textAt(recordAt(delta, "audio"), "data") !== undefined ||
    recordsOf(arrayAt(delta, "tool_calls")).length > 0 ||
    // Images of OpenRouter, thoughts of Mistral.
    arrayAt(delta, "images").length > 0 ||
    arrayAt(delta, "content").length > 0
  );
}

/** The answer that is shown: with `n` above 1 a response has several, and a chunk belongs to any of them. */
function firstChoice(response: UnknownRecord): UnknownRecord {
  const choices = recordsOf(arrayAt(response, "choices"));
  return choices.find(({ index }) => index === 0 || index === undefined) ?? {};
}

function readText(message: UnknownRecord): string | undefined {
  const { content } = message;
  // Models of Mistral that think answer in parts (https://docs.mistral.ai/capabilities/reasoning).
  if (Array.isArray(content)) return partsText(content);
  return (
    textAt(message, "content") ??
    textAt(message, "refusal") ??
    textAt(recordAt(message, "audio"), "transcript")
  );
}

function partsText(parts: readonly unknown[]): string | undefined {
  const texts = recordsOf(parts).map((part) => textAt(part, "text") ?? "");
  return texts.join("") || undefined;
}

/** Reads a tool call of an assistant's message. */
export function readToolCall(call: UnknownRecord): ToolCall {
  const fn = recordAt(call, "function");
  return known({
    id: textAt(call, "id"),
    name: textAt(fn, "name"),
    arguments: textAt(fn, "arguments"),
  });
}

function readToolCallDelta(call: UnknownRecord): ToolCallDelta {
  const { arguments: argumentsDelta, ...identity } = readToolCall(call);
  return { key: String(call["index"]), ...identity, ...known({ argumentsDelta }) };
}
