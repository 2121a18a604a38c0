import {
  arrayAt,
  isRecord,
  jsonText,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";

/**
 * The messages of the AI SDK in the form that other providers have for them: tools are named differently, and one
 * message of the role `tool` may hold several results
 * (https://ai-sdk.dev/docs/reference/ai-sdk-core/model-message).
 */
export function aiSDKMessages(messages: readonly unknown[], system?: unknown): UnknownRecord[] {
  const conversation = recordsOf(messages).flatMap((message) =>
    message["role"] === "tool"
      ? recordsOf(arrayAt(message, "content")).map(toolMessage)
      : [{ role: message["role"], content: contentOf(message["content"]) }],
  );
  return typeof system === "string" && system !== ""
    ? [{ role: "system", content: system }, ...conversation]
    : conversation;
}

function toolMessage(part: UnknownRecord): UnknownRecord {
  const { output, result } = part;
  const value = isRecord(output) && "value" in output ? output["value"] : (output ?? result);
  return {
    role: "tool",
    name: part["toolName"],
    tool_call_id: part["toolCallId"],
    content: typeof value === "string" ? value : jsonText(value),
  };
}

function contentOf(content: unknown): unknown {
  return Array.isArray(content) ? recordsOf(content).map(partOf) : content;
}

function partOf(part: UnknownRecord): UnknownRecord {
  switch (part["type"]) {
    case "tool-call": {
      const input = part["input"] ?? part["args"];
      return { type: "tool_use", id: part["toolCallId"], name: part["toolName"], input };
    }
    case "text":
      return part;
    default:
      return { type: mediaType(part) };
  }
}

function mediaType(part: UnknownRecord): string {
  return (
    textAt(part, "mediaType") ??
    textAt(part, "mimeType") ??
    textAt(recordAt(part, "image"), "mimeType") ??
    textAt(part, "type") ??
    "binary"
  );
}
