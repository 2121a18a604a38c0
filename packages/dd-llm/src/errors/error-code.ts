import type { LLMErrorClass } from "./error-class.ts";

/**
 * Codes of Node's sockets, of Anthropic (https://docs.claude.com/en/api/errors), of OpenAI
 * (https://platform.openai.com/docs/guides/error-codes), of Azure and of Amazon Bedrock
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors).
 */
const classes: ReadonlyMap<string, LLMErrorClass> = new Map([
  ["econnrefused", "network"],
  ["econnreset", "network"],
  ["enotfound", "network"],
  ["enetunreach", "network"],
  ["ehostunreach", "network"],
  ["epipe", "network"],
  ["eai_again", "network"],
  ["und_err_socket", "network"],
  ["err_stream_premature_close", "network"],
  ["err_http2_goaway_session", "network"],
  ["err_http2_session_error", "network"],
  ["err_http2_stream_error", "network"],
  ["etimedout", "timeout"],
  ["timeout_error", "timeout"],
  ["rate_limit_error", "rate_limit"],
  ["rate_limit_exceeded", "rate_limit"],
  ["insufficient_quota", "rate_limit"],
  ["overloaded_error", "overloaded"],
  ["context_length_exceeded", "context_length"],
  ["content_filter", "content_filter"],
  ["content_policy_violation", "content_filter"],
  ["authentication_error", "authentication"],
  ["permission_error", "authentication"],
  ["invalid_api_key", "authentication"],
  ["invalid_request_error", "invalid_request"],
  ["not_found_error", "invalid_request"],
  ["request_too_large", "invalid_request"],
  ["server_error", "server_error"],
  ["api_error", "server_error"],
  ["throttlingexception", "rate_limit"],
  ["servicequotaexceededexception", "rate_limit"],
  ["modelnotreadyexception", "overloaded"],
  ["serviceunavailableexception", "overloaded"],
  ["modeltimeoutexception", "timeout"],
  ["accessdeniedexception", "authentication"],
  ["unrecognizedclientexception", "authentication"],
  ["expiredtokenexception", "authentication"],
  ["validationexception", "invalid_request"],
  ["resourcenotfoundexception", "invalid_request"],
  ["modelerrorexception", "server_error"],
  ["modelstreamerrorexception", "server_error"],
  ["internalserverexception", "server_error"],
]);

/** The class of an error code in lower case, or `undefined` when the code says nothing. */
export function classOfCode(code: string): LLMErrorClass | undefined {
  if (/^und_err_\w*timeout$/.test(code)) return "timeout";
  return classes.get(code);
}
