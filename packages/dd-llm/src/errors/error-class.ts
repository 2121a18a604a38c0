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

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
]);

/** Classifies what a provider's SDK has thrown, by its status, its codes, and its name. Never throws. */
export function classifyLLMError(error: unknown): LLMErrorClass {
  const names = [textOf(error, "name"), constructorName(error)];
  const status = numberOf(error, "status") ?? numberOf(error, "statusCode");
  const code = `${textOf(error, "code")} ${textOf(error, "type")} ${textOf(propertyOf(error, "cause"), "code")}`;
  const message = textOf(error, "message").slice(0, 2_000).toLowerCase();

  if (names.some((name) => name === "AbortError" || name === "APIUserAbortError"))
    return "cancelled";
  if (/timeout/i.test(names.join(" ")) || /ETIMEDOUT|UND_ERR_\w*TIMEOUT/.test(code))
    return "timeout";
  if (
    code.includes("context_length") ||
    /context (length|window)|prompt is too long/.test(message)
  ) {
    return "context_length";
  }
  if (/content_filter|content_policy/.test(code)) return "content_filter";
  if (status === 529 || message.includes("overloaded")) return "overloaded";
  if (status !== undefined) return classOfStatus(status);
  const isNetwork =
    code.split(" ").some((part) => networkCodes.has(part)) ||
    names.some((name) => name === "APIConnectionError");
  return isNetwork ? "network" : "unknown";
}

function classOfStatus(status: number): LLMErrorClass {
  if (status === 429) return "rate_limit";
  if (status === 401 || status === 403) return "authentication";
  if (status === 408 || status === 504) return "timeout";
  if (status === 503) return "overloaded";
  if (status >= 500) return "server_error";
  return status >= 400 ? "invalid_request" : "unknown";
}

function propertyOf(source: unknown, key: string): unknown {
  if (typeof source !== "object" || source === null) return undefined;
  try {
    return Reflect.get(source, key);
  } catch {
    return undefined;
  }
}

function textOf(source: unknown, key: string): string {
  const value = propertyOf(source, key);
  return typeof value === "string" ? value : "";
}

function numberOf(source: unknown, key: string): number | undefined {
  const value = propertyOf(source, key);
  return typeof value === "number" ? value : undefined;
}

function constructorName(source: unknown): string {
  const candidate = propertyOf(source, "constructor");
  return typeof candidate === "function" ? candidate.name : "";
}
