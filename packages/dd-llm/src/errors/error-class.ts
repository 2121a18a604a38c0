import { classOfCode } from "./error-code.ts";
import { type ErrorFacts, readErrorFacts } from "./error-facts.ts";

/** The kind of a failed model call, the same for every provider. */
export type LLMErrorClass =
  | "rate_limit"
  | "overloaded"
  | "context_length"
  | "content_filter"
  | "authentication"
  | "timeout"
  | "network"
  | "cancelled"
  | "invalid_request"
  | "server_error"
  | "unknown";

/**
 * Classifies what a provider's SDK has thrown, by its status, its codes and its name, causes included.
 *
 * @returns `unknown` for anything that is not recognised; never throws.
 * @example
 * ```ts
 * try {
 *   await anthropic.messages.create(request);
 * } catch (error) {
 *   if (classifyLLMError(error) === "rate_limit") await wait();
 * }
 * ```
 */
export function classifyLLMError(error: unknown): LLMErrorClass {
  const facts = readErrorFacts(error);
  const byCode = firstOf(facts.codes, classOfCode);
  return (
    classOfName(facts) ??
    classOfText(facts) ??
    // OpenAI calls what is forbidden an invalid request too; the status knows better.
    (byCode === "invalid_request" ? classOfStatus(facts.status) : byCode) ??
    byCode ??
    classOfStatus(facts.status) ??
    firstOf(facts.messages, classOfReport) ??
    (saysNoConnection(facts) ? "network" : "unknown")
  );
}

function classOfName(facts: ErrorFacts): LLMErrorClass | undefined {
  const { names, messages } = facts;
  // A bundler may have renamed the class; the message is the SDKs' own.
  const isAbort = names.some((name) => name === "AbortError" || name === "APIUserAbortError");
  if (isAbort || messages[0] === "request was aborted.") return "cancelled";
  const saysTimeout = names.some((name) => /timeout/i.test(name));
  if ((saysTimeout && !isReset(facts)) || messages[0] === "request timed out.") return "timeout";
  return names.includes("ContentFilterFinishReasonError") ? "content_filter" : undefined;
}

/** The AWS SDK calls a connection that was reset a time-out, with a code over HTTP/1.1 and without over HTTP/2. */
function isReset({ codes, messages }: ErrorFacts): boolean {
  return (
    codes.some((code) => code === "econnreset" || code === "epipe") ||
    messages.some((message) => message.includes("http2 request did not get a response"))
  );
}

/** What some providers say in words only. */
function classOfText({ messages, status, codes }: ErrorFacts): LLMErrorClass | undefined {
  const isRefusal = status === undefined || status === 400 || status === 413;
  if (isRefusal && (messages.some(saysTooLong) || codes.some(saysTooLong))) return "context_length";
  const isOutage = status === undefined || status >= 500;
  return isOutage && messages.some((message) => message.includes("overloaded"))
    ? "overloaded"
    : undefined;
}

function saysTooLong(text: string): boolean {
  return /context[_ ](length|window|limit)|prompt is too long|input token count .{0,40}exceeds/.test(
    text,
  );
}

/** The oldest Anthropic SDK gives what a stream reported as text, in an error of the connection. */
function classOfReport(message: string): LLMErrorClass | undefined {
  const code = /"type"\s?:\s?"([a-z_]{1,64}_error)"/.exec(message)?.[1];
  return code === undefined ? undefined : classOfCode(code);
}

/** Some versions of SDKs keep the words of a broken connection, and neither its code nor its cause. */
function saysNoConnection({ names, messages }: ErrorFacts): boolean {
  return (
    names.includes("APIConnectionError") ||
    messages.some((message) =>
      /\b(fetch failed|socket hang up|premature close|request did not get a response)\b/.test(
        message,
      ),
    )
  );
}

function classOfStatus(status: number | undefined): LLMErrorClass | undefined {
  if (status === undefined) return undefined;
  if (status === 429) return "rate_limit";
  if (status === 401 || status === 403) return "authentication";
  if (status === 408 || status === 504) return "timeout";
  if (status === 503 || status === 529) return "overloaded";
  if (status >= 500) return "server_error";
  return status >= 400 ? "invalid_request" : undefined;
}

function firstOf<T, R>(list: readonly T[], read: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const result = read(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
