import { arrayAt, isRecord, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import type { ModelRequest } from "../observed-model-call.ts";
import {
  type BedrockOperation,
  invokeModelRequestType,
  isConverseOperation,
} from "./bedrock-operation.ts";
import { readConverseParameters, readInvokeModelParameters } from "./bedrock-parameters.ts";
import { converseMessages } from "./converse-messages.ts";

/** Longer bodies hold images and the like; what they ask is not read (bytes, or UTF-16 code units). */
const maximumBodyLength = 4_000_000;

/** Reads the input of a command. */
export function readBedrockRequest(
  operation: BedrockOperation,
  input: UnknownRecord,
  provider: string,
  region: string | undefined,
): ModelRequest {
  const model = modelOf(input);
  const tags = { "llm.region": region ?? regionOf(input) };
  if (isConverseOperation(operation)) {
    return {
      provider,
      model,
      requestType: "chat",
      input: converseMessages(input),
      parameters: readConverseParameters(input),
      tags,
    };
  }
  const body = bodyOf(input);
  const isConversation = arrayAt(body, "messages").length > 0;
  return {
    provider,
    model,
    requestType: invokeModelRequestType(model, isConversation),
    // Amazon Nova's form is the one of Converse; for Claude's own it changes nothing.
    input:
      isConversation && isRecord(body["inferenceConfig"]) ? converseMessages(body) : textOf(body),
    parameters: readInvokeModelParameters(input, body),
    tags,
  };
}

/** The model's id, without the path of an ARN, in which the number of the account stands. */
function modelOf(input: UnknownRecord): string {
  return textAt(input, "modelId")?.split("/").at(-1) || "unknown";
}

function regionOf(input: UnknownRecord): string | undefined {
  return /^arn:[^:]*:bedrock:([^:]+):/.exec(textAt(input, "modelId") ?? "")?.[1];
}

function bodyOf(input: UnknownRecord): UnknownRecord {
  const body = input["body"];
  const length = typeof body === "string" ? body.length : byteLengthOf(body);
  if (length === 0 || length > maximumBodyLength) return {};
  try {
    const text = typeof body === "string" ? body : new TextDecoder().decode(body as Uint8Array);
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    // No JSON: Bedrock will say so itself.
    return {};
  }
}

function byteLengthOf(body: unknown): number {
  return body instanceof Uint8Array || body instanceof ArrayBuffer ? body.byteLength : 0;
}

/** Amazon Titan and Cohere name their text in their own ways. */
function textOf(body: UnknownRecord): unknown {
  return body["inputText"] ?? body["texts"] ?? body;
}
