import { isRecord, jsonText, textAt, type UnknownRecord } from "../formats/unknown-record.ts";
import { binaryPartText } from "./binary-part.ts";
import type { ToolResult } from "./conversation.ts";
import { type ObservedToolCall, observedToolCall } from "./observed-tool-call.ts";

/** What the body of a message consists of. */
export interface MessageParts {
  readonly texts: string[];
  readonly toolCalls: ObservedToolCall[];
  readonly toolResults: ToolResult[];
}

/** Tool results may hold parts again; deeper than this nothing is looked for. */
const maximumDepth = 4;

/** Reads the body of a message: a text, one part, or a list of parts, of any provider. */
export function readParts(body: unknown): MessageParts {
  const parts: MessageParts = { texts: [], toolCalls: [], toolResults: [] };
  for (const part of Array.isArray(body) ? body : [body]) readPart(part, parts);
  return parts;
}

/** The text of a body; binary parts are replaced by their type and size. */
export function toText(body: unknown, depth = 0): string {
  if (typeof body === "string") return body;
  if (body === undefined || body === null || depth > maximumDepth) return "";
  if (Array.isArray(body)) return body.map((part) => toText(part, depth + 1)).join("\n");
  if (!isRecord(body)) return String(body);
  const inner = body["parts"] ?? body["content"];
  return inner === undefined ? partText(body) : toText(inner, depth + 1);
}

/** A tool's result in LLM Observability's form. */
export function toolResult(
  result: string,
  name: string | undefined,
  id: string | undefined,
): ToolResult {
  return {
    ...(name === undefined ? {} : { name }),
    result,
    ...(id === undefined ? {} : { toolId: id }),
    type: "tool_result",
  };
}

function readPart(part: unknown, parts: MessageParts): void {
  if (!isRecord(part)) {
    const text = toText(part);
    if (text !== "") parts.texts.push(text);
    return;
  }
  const call = part["functionCall"];
  const response = part["functionResponse"];
  if (part["type"] === "tool_use") {
    parts.toolCalls.push(toolCall(part, part["input"]));
  } else if (part["type"] === "tool_result") {
    parts.toolResults.push(
      toolResult(toText(part["content"]), undefined, textAt(part, "tool_use_id")),
    );
  } else if (isRecord(call)) {
    parts.toolCalls.push(toolCall(call, call["args"]));
  } else if (isRecord(response)) {
    const { name, id } = identity(response);
    parts.toolResults.push(toolResult(jsonText(response["response"]), name, id));
  } else {
    parts.texts.push(toText(part));
  }
}

function toolCall(source: UnknownRecord, input: unknown): ObservedToolCall {
  return observedToolCall({ ...identity(source), arguments: jsonText(input ?? {}) });
}

function identity(source: UnknownRecord): { readonly id?: string; readonly name?: string } {
  const id = textAt(source, "id");
  const name = textAt(source, "name");
  return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}

function partText(part: UnknownRecord): string {
  return textAt(part, "text") ?? textAt(part, "refusal") ?? binaryPartText(part);
}
