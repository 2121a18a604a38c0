import { createHash } from "node:crypto";
import type { JsonObject } from "../json-value.ts";
import type { ReplyPlan } from "../reply-plan.ts";
import type { ResolvedError } from "../scripted-error.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { MidStreamFailure, WireEncoder } from "../wire-encoder.ts";

/** Exceptions a stream can carry; any other arrives as `modelStreamErrorException`. */
const streamExceptions: ReadonlySet<string> = new Set([
  "InternalServerException",
  "ModelStreamErrorException",
  "ModelTimeoutException",
  "ServiceUnavailableException",
  "ThrottlingException",
  "ValidationException",
]);

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * Adds the padding `p` that makes the length of an event say less about its text. The service
 * chooses its length at random; here it follows from the text, so that two runs of a test are equal.
 */
export function padded(payload: JsonObject): JsonObject {
  const length = (JSON.stringify(payload).length * 7) % alphabet.length;
  return { ...payload, p: alphabet.slice(0, length + 1) };
}

function requestId(sequence: number): string {
  const digest = createHash("sha256").update(`bedrock ${sequence}`).digest("hex");
  const parts = [digest.slice(0, 8), digest.slice(8, 12), digest.slice(13, 16)];
  return `${parts[0]}-${parts[1]}-4${parts[2]}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

function errorEvent({ error }: MidStreamFailure): string {
  const known = streamExceptions.has(error.type);
  const type = known ? error.type : "ModelStreamErrorException";
  const details =
    type === "ModelStreamErrorException"
      ? { originalStatusCode: error.status, originalMessage: error.message }
      : {};
  const name = type.charAt(0).toLowerCase() + type.slice(1);
  return serverSentEvent({ message: error.message, ...details }, name);
}

/**
 * What all operations of Bedrock share: errors and headers. The SDK reads the type of an error from
 * a header; the body has only the message.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html and
 * https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html
 */
export const bedrockEnvelope: Pick<
  WireEncoder,
  | "errorSpelling"
  | "jsonType"
  | "streamType"
  | "errorBody"
  | "errorEvent"
  | "errorHeaders"
  | "headers"
> = {
  errorSpelling: {
    invalid_request: { status: 400, type: "ValidationException", code: null },
    authentication: { status: 403, type: "UnrecognizedClientException", code: null },
    permission: { status: 403, type: "AccessDeniedException", code: null },
    not_found: { status: 404, type: "ResourceNotFoundException", code: null },
    request_too_large: { status: 400, type: "ValidationException", code: null },
    context_length_exceeded: { status: 400, type: "ValidationException", code: null },
    rate_limited: { status: 429, type: "ThrottlingException", code: null },
    quota_exceeded: { status: 400, type: "ServiceQuotaExceededException", code: null },
    internal: { status: 500, type: "InternalServerException", code: null },
    overloaded: { status: 503, type: "ServiceUnavailableException", code: null },
    timeout: { status: 408, type: "ModelTimeoutException", code: null },
  },
  jsonType: "application/json",
  streamType: "application/vnd.amazon.eventstream",
  errorBody: (error: ResolvedError) => ({ message: error.message }),
  errorEvent,
  errorHeaders: (error: ResolvedError) => ({
    "x-amzn-errortype": `${error.type}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
  }),
  headers: (plan: Pick<ReplyPlan, "sequence">) => ({
    "x-amzn-requestid": requestId(plan.sequence),
  }),
};
