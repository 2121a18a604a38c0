import type { LLMObservabilityMessage } from "@llmdevops/dd-core";
import { readToolCall } from "../formats/openai-chat.ts";
import { readFunctionCall } from "../formats/openai-responses.ts";
import {
  arrayAt,
  isRecord,
  jsonText,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "../formats/unknown-record.ts";
import { readParts, toolResult, toText } from "./message-parts.ts";
import { observedToolCall } from "./observed-tool-call.ts";

/** The result of a tool, in LLM Observability's form. */
export interface ToolResult {
  readonly name?: string;
  readonly result: string;
  readonly toolId?: string;
  readonly type: string;
}

/** A message of a conversation, in LLM Observability's form. */
export interface ConversationMessage extends LLMObservabilityMessage {
  readonly toolResults?: readonly ToolResult[];
}

/** Longest text that is looked at, kept or hashed (UTF-16 code units): more than one event could take. */
export const maximumContentLength = 2_000_000;

/**
 * Brings any provider's input into LLM Observability's message form: a text, messages (Anthropic, OpenAI Chat), items
 * (OpenAI Responses), contents or parts (Gemini), or the whole request that holds them. Images, audio and files are
 * replaced by their type and size. Never throws: what cannot be read is left out.
 */
export function toMessages(input: unknown): ConversationMessage[] {
  try {
    return listOf(input).flatMap((message) => readMessage(message) ?? []);
  } catch {
    return [];
  }
}

/** Everything that a conversation says, one line after the other, up to {@link maximumContentLength}. */
export function conversationText(messages: readonly ConversationMessage[]): string {
  const texts: string[] = [];
  let length = 0;
  for (const message of messages) {
    if (length >= maximumContentLength) break;
    const text = messageText(message);
    texts.push(text);
    length += text.length + 1;
  }
  return texts.join("\n").slice(0, maximumContentLength);
}

/** Everything that one message says: text, tool calls and results. */
export function messageText({ content, toolCalls, toolResults }: ConversationMessage): string {
  const calls = toolCalls?.map((call) => jsonText({ name: call.name, arguments: call.arguments }));
  const results = toolResults?.map(({ result }) => result);
  return [content, ...(calls ?? []), ...(results ?? [])].filter(Boolean).join("\n");
}

/** What a value says that an application gives as an answer: messages by their text, any other value as JSON. Never throws. */
export function outputText(output: unknown): string {
  try {
    return Array.isArray(output) ? conversationText(toMessages(output)) : jsonText(output);
  } catch {
    // A revoked proxy does not even say whether it is a list.
    return "";
  }
}

function listOf(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return input;
  if (!isRecord(input) || "role" in input || "parts" in input || "type" in input) return [input];
  const list = input["messages"] ?? input["contents"] ?? input["input"] ?? input["prompt"];
  if (list === undefined) return [input];
  const system =
    input["system"] ??
    input["instructions"] ??
    input["systemInstruction"] ??
    recordAt(input, "config")["systemInstruction"];
  const messages = Array.isArray(list) ? list : [list];
  return system === undefined ? messages : [{ role: "system", content: system }, ...messages];
}

function readMessage(message: unknown): ConversationMessage | undefined {
  if (typeof message === "string") return { role: "user", content: message };
  if (!isRecord(message)) return undefined;
  switch (message["type"]) {
    case "function_call":
      return { role: "assistant", toolCalls: [observedToolCall(readFunctionCall(message))] };
    case "function_call_output":
      return toolMessage(message, message["output"], textAt(message, "call_id"));
    case "reasoning":
      return undefined;
    default:
      return message["role"] === "tool"
        ? toolMessage(message, message["content"], textAt(message, "tool_call_id"))
        : readParted(message);
  }
}

function toolMessage(
  message: UnknownRecord,
  output: unknown,
  id: string | undefined,
): ConversationMessage {
  return {
    role: "tool",
    toolResults: [toolResult(toText(output), textAt(message, "name"), id)],
  };
}

function readParted(message: UnknownRecord): ConversationMessage {
  const role = textAt(message, "role") ?? "user";
  const body = message["content"] ?? message["parts"];
  // Gemini takes a bare part where a message could stand.
  const isBarePart = body === undefined && !("content" in message);
  const { texts, toolCalls, toolResults } = readParts(isBarePart ? message : body);
  for (const call of recordsOf(arrayAt(message, "tool_calls"))) {
    toolCalls.push(observedToolCall(readToolCall(call)));
  }
  return {
    role: role === "model" ? "assistant" : role,
    ...(texts.length > 0 || toolCalls.length + toolResults.length === 0
      ? { content: texts.join("\n") }
      : {}),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(toolResults.length === 0 ? {} : { toolResults }),
  };
}
