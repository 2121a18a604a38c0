import { isRecord } from "../formats/unknown-record.ts";

/** What a response's headers are written as on the span; the first one that is there counts. */
const tagByHeader: readonly (readonly [header: string, tag: string])[] = [
  ["request-id", "llm.request_id"],
  ["x-request-id", "llm.request_id"],
  ["apim-request-id", "llm.request_id"],
  ["x-amzn-requestid", "llm.request_id"],
  ["openai-organization", "llm.organization"],
  ["anthropic-organization-id", "llm.organization"],
  ["openai-project", "llm.project"],
  ["x-ms-region", "llm.region"],
  ["openai-processing-ms", "llm.provider_processing_ms"],
  ["x-ratelimit-limit-requests", "llm.ratelimit.limit_requests"],
  ["x-ratelimit-remaining-requests", "llm.ratelimit.remaining_requests"],
  ["x-ratelimit-limit-tokens", "llm.ratelimit.limit_tokens"],
  ["x-ratelimit-remaining-tokens", "llm.ratelimit.remaining_tokens"],
  ["anthropic-ratelimit-requests-limit", "llm.ratelimit.limit_requests"],
  ["anthropic-ratelimit-requests-remaining", "llm.ratelimit.remaining_requests"],
  ["anthropic-ratelimit-tokens-limit", "llm.ratelimit.limit_tokens"],
  ["anthropic-ratelimit-tokens-remaining", "llm.ratelimit.remaining_tokens"],
  ["anthropic-ratelimit-input-tokens-remaining", "llm.ratelimit.remaining_input_tokens"],
  ["anthropic-ratelimit-output-tokens-remaining", "llm.ratelimit.remaining_output_tokens"],
  ["retry-after", "llm.retry_after"],
  ["retry-after-ms", "llm.retry_after_ms"],
];

const maximumLength = 200;

/** Reads the tags from headers, given as `Headers` or as a plain object with names in lower case. */
export function readResponseHeaders(headers: unknown): Record<string, string | number> {
  const tags: Record<string, string | number> = {};
  if (!isRecord(headers)) return tags;
  const get = headers["get"];
  for (const [header, tag] of tagByHeader) {
    if (tag in tags) continue;
    const value: unknown =
      typeof get === "function" ? Reflect.apply(get, headers, [header]) : headers[header];
    if (typeof value === "string" && value !== "")
      tags[tag] = scalar(value.slice(0, maximumLength));
  }
  return tags;
}

function scalar(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}
