import type { ReplyPlan } from "../reply-plan.ts";
import type { ResolvedError } from "../scripted-error.ts";
import { serverSentEvent } from "../server-sent-event.ts";
import type { WireEncoder } from "../wire-encoder.ts";
import { wireIdentifier } from "../wire-identifier.ts";
import { anthropicCarried } from "./anthropic-usage.ts";
import { messageBody } from "./message-body.ts";
import { messageEvents } from "./message-events.ts";

function requestId(plan: Pick<ReplyPlan, "sequence">): string {
  return wireIdentifier("req_011", plan.sequence);
}

function errorBody(error: ResolvedError, plan: Pick<ReplyPlan, "sequence">): unknown {
  return {
    type: "error",
    error: { type: error.type, message: error.message },
    request_id: requestId(plan),
  };
}

function rateLimitHeaders(createdMs: number): Record<string, string> {
  const reset = `${new Date(createdMs).toISOString().slice(0, 19)}Z`;
  const limits = { requests: 4000, "input-tokens": 2_000_000, "output-tokens": 400_000 };
  const headers: Record<string, string> = {};
  for (const [name, limit] of Object.entries({ ...limits, tokens: 2_400_000 })) {
    headers[`anthropic-ratelimit-${name}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${name}-remaining`] = String(limit - 1);
    headers[`anthropic-ratelimit-${name}-reset`] = reset;
  }
  return headers;
}

/**
 * Writes the Anthropic Messages API.
 *
 * Source: https://docs.claude.com/en/api/messages and https://docs.claude.com/en/api/errors
 */
export const messagesEncoder: WireEncoder = {
  // Also the statuses: https://docs.claude.com/en/api/errors
  errorSpelling: {
    invalid_request: { status: 400, type: "invalid_request_error", code: null },
    authentication: { status: 401, type: "authentication_error", code: null },
    permission: { status: 403, type: "permission_error", code: null },
    not_found: { status: 404, type: "not_found_error", code: null },
    request_too_large: { status: 413, type: "request_too_large", code: null },
    context_length_exceeded: { status: 400, type: "invalid_request_error", code: null },
    rate_limited: { status: 429, type: "rate_limit_error", code: null },
    quota_exceeded: { status: 402, type: "billing_error", code: null },
    internal: { status: 500, type: "api_error", code: null },
    overloaded: { status: 529, type: "overloaded_error", code: null },
    timeout: { status: 504, type: "timeout_error", code: null },
  },
  jsonType: "application/json",
  streamType: "text/event-stream; charset=utf-8",
  body: (plan) => ({ value: messageBody(plan), usage: anthropicCarried(plan.usage) }),
  events: messageEvents,
  errorBody,
  errorEvent: (failure, plan) => serverSentEvent(errorBody(failure.error, plan), "error"),
  headers: (plan) => ({
    "request-id": requestId(plan),
    "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
    ...rateLimitHeaders(plan.createdMs),
  }),
};
