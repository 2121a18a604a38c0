import { readAISDKUsage } from "../usage/ai-sdk-usage.ts";
import { normalizeUsage } from "../usage/normalize-usage.ts";
import type { ChunkFacts, ModelOutput, ToolCall } from "./model-output.ts";
import {
  arrayAt,
  isRecord,
  jsonText,
  known,
  recordAt,
  recordsOf,
  textAt,
  type UnknownRecord,
} from "./unknown-record.ts";

/** Whether an object is a result of Vercel's AI SDK, of a model or of `generateText`, in any major. */
export function isAISDKResult(result: UnknownRecord): boolean {
  return "finishReason" in result && isRecord(result["usage"]);
}

/**
 * Reads a complete result of the AI SDK's language models, whose specifications 1 to 4 belong to the majors 4 to 7
 * (https://github.com/vercel/ai/tree/main/packages/provider/src/language-model).
 */
export function readAISDKResult(result: UnknownRecord): ModelOutput {
  const content = recordsOf(arrayAt(result, "content"));
  const texts = content.filter(({ type }) => type === "text").map((part) => part["text"]);
  const calls = content.filter(({ type }) => type === "tool-call");
  const toolCalls = calls.length > 0 ? calls : recordsOf(arrayAt(result, "toolCalls"));
  return {
    text: texts.length > 0 ? texts.join("") : (textAt(result, "text") ?? ""),
    ...(toolCalls.length === 0 ? {} : { toolCalls: toolCalls.map(toolCallOf) }),
    usage: normalizeUsage(usageOf(result)),
    ...known({
      finishReason: reasonOf(result["finishReason"]),
      responseModel: textAt(recordAt(result, "response"), "modelId"),
    }),
  };
}

/** Reads one part of a stream of the AI SDK: of a model, or of `fullStream`. */
export function readAISDKPart(part: UnknownRecord): ChunkFacts | undefined {
  switch (part["type"]) {
    case "text-delta":
      return textFacts(part["delta"] ?? part["textDelta"] ?? part["text"]);
    case "reasoning-delta":
    case "reasoning":
      return { hasContent: true };
    case "tool-input-start":
      return toolStart(part["id"], part["toolName"]);
    case "tool-input-delta":
      return { hasContent: true };
    case "tool-call-delta":
      return toolStart(part["toolCallId"], part["toolName"]);
    case "tool-call":
      return wholeToolCall(part);
    case "response-metadata":
      return known({ responseModel: textAt(part, "modelId") });
    case "finish":
    case "finish-step":
      return known({
        usage: isRecord(part["usage"]) ? usageOf(part) : undefined,
        finishReason: reasonOf(part["finishReason"]),
        responseModel: textAt(recordAt(part, "response"), "modelId"),
      });
    default:
      return undefined;
  }
}

function textFacts(delta: unknown): ChunkFacts {
  return typeof delta === "string" && delta !== "" ? { textDelta: delta, hasContent: true } : {};
}

function toolStart(id: unknown, toolName: unknown): ChunkFacts {
  const call = known({
    id: typeof id === "string" ? id : undefined,
    name: typeof toolName === "string" ? toolName : undefined,
  });
  return { hasContent: true, toolCallDeltas: [{ key: String(id), ...call }] };
}

/** The call comes whole after its pieces, which therefore are not put together. */
function wholeToolCall(part: UnknownRecord): ChunkFacts {
  const { arguments: argumentsText, ...call } = toolCallOf(part);
  const delta = { ...call, ...known({ argumentsDelta: argumentsText }) };
  return { hasContent: true, toolCallDeltas: [{ key: String(part["toolCallId"]), ...delta }] };
}

function toolCallOf(call: UnknownRecord): ToolCall {
  const input = call["input"] ?? call["args"];
  return known({
    id: textAt(call, "toolCallId"),
    name: textAt(call, "toolName"),
    arguments: typeof input === "string" ? input : jsonText(input ?? {}),
  });
}

function usageOf(source: UnknownRecord): UnknownRecord {
  const metadata = source["providerMetadata"] ?? source["experimental_providerMetadata"];
  return readAISDKUsage(recordAt(source, "usage"), isRecord(metadata) ? metadata : {});
}

/** From specification 3 on the provider's own word stands beside the common one. */
function reasonOf(reason: unknown): string | undefined {
  if (typeof reason === "string") return reason;
  return isRecord(reason) ? (textAt(reason, "raw") ?? textAt(reason, "unified")) : undefined;
}
