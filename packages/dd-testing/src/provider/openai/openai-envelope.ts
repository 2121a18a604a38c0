import type { ReplyPlan } from "../reply-plan.ts";
import type { ResolvedError } from "../scripted-error.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { WireEncoder } from "../wire-encoder.ts";
import { wireIdentifier } from "../wire-identifier.ts";

function errorBody(error: ResolvedError): unknown {
  return {
    error: { message: error.message, type: error.type, param: error.param, code: error.code },
  };
}

function headers(plan: Pick<ReplyPlan, "sequence" | "createdMs">): Record<string, string> {
  return {
    "x-request-id": wireIdentifier("req_", plan.sequence),
    "openai-organization": "org-test",
    "openai-processing-ms": "1",
    "openai-version": "2020-10-01",
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-limit-tokens": "2000000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-remaining-tokens": "1999999",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-reset-tokens": "0s",
  };
}

/**
 * What all OpenAI operations share: errors and headers.
 *
 * Source: https://platform.openai.com/docs/guides/error-codes and
 * https://platform.openai.com/docs/guides/rate-limits
 */
export const openaiEnvelope: Pick<
  WireEncoder,
  "errorSpelling" | "jsonType" | "streamType" | "errorBody" | "headers"
> = {
  errorSpelling: {
    invalid_request: { status: 400, type: "invalid_request_error", code: null },
    authentication: { status: 401, type: "invalid_request_error", code: "invalid_api_key" },
    permission: { status: 403, type: "invalid_request_error", code: null },
    not_found: { status: 404, type: "invalid_request_error", code: "model_not_found" },
    request_too_large: { status: 413, type: "invalid_request_error", code: null },
    context_length_exceeded: {
      status: 400,
      type: "invalid_request_error",
      code: "context_length_exceeded",
    },
    rate_limited: { status: 429, type: "requests", code: "rate_limit_exceeded" },
    quota_exceeded: { status: 429, type: "insufficient_quota", code: "insufficient_quota" },
    internal: { status: 500, type: "server_error", code: null },
    overloaded: { status: 503, type: "server_error", code: null },
    timeout: { status: 504, type: "server_error", code: null },
  },
  jsonType: "application/json",
  streamType: "text/event-stream; charset=utf-8",
  errorBody,
  headers,
};

/** The error of a stream that has no event names: the error body as a bare data line. */
export function openaiErrorEvent(error: ResolvedError): string {
  return serverSentEvent(errorBody(error));
}
