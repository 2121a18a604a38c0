import type { ResolvedError } from "../scripted-error.ts";
import type { WireEncoder } from "../wire-encoder.ts";

function errorDetails(error: ResolvedError): unknown[] {
  if (error.retryAfterMs === undefined) return [];
  const retryDelay = `${error.retryAfterMs / 1000}s`;
  return [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay }];
}

/** Writes the error body of Google APIs; `details` is there only when there are any. */
export function geminiErrorBody(error: ResolvedError): unknown {
  const details = errorDetails(error);
  return {
    error: {
      code: error.status,
      message: error.message,
      status: error.type,
      ...(details.length > 0 ? { details } : {}),
    },
  };
}

/**
 * What all Gemini operations share: errors and headers.
 *
 * Source: https://ai.google.dev/gemini-api/docs/troubleshooting and
 * https://cloud.google.com/apis/design/errors
 */
export const geminiEnvelope: Pick<
  WireEncoder,
  "errorSpelling" | "jsonType" | "streamType" | "errorBody" | "headers"
> = {
  errorSpelling: {
    invalid_request: { status: 400, type: "INVALID_ARGUMENT", code: null },
    authentication: { status: 401, type: "UNAUTHENTICATED", code: null },
    permission: { status: 403, type: "PERMISSION_DENIED", code: null },
    not_found: { status: 404, type: "NOT_FOUND", code: null },
    request_too_large: { status: 413, type: "INVALID_ARGUMENT", code: null },
    context_length_exceeded: { status: 400, type: "INVALID_ARGUMENT", code: null },
    rate_limited: { status: 429, type: "RESOURCE_EXHAUSTED", code: null },
    quota_exceeded: { status: 429, type: "RESOURCE_EXHAUSTED", code: null },
    internal: { status: 500, type: "INTERNAL", code: null },
    overloaded: { status: 503, type: "UNAVAILABLE", code: null },
    timeout: { status: 504, type: "DEADLINE_EXCEEDED", code: null },
  },
  jsonType: "application/json; charset=UTF-8",
  streamType: "text/event-stream",
  errorBody: geminiErrorBody,
  headers: () => ({
    "server-timing": "gfet4t7; dur=1",
    "x-gemini-service-tier": "standard",
    vary: "Origin, X-Origin, Referer",
  }),
};
