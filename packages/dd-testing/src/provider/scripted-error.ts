/** What went wrong, in words that hold for every provider. */
export type ProviderErrorKind =
  | "invalid_request"
  | "authentication"
  | "permission"
  | "not_found"
  | "request_too_large"
  | "context_length_exceeded"
  | "rate_limited"
  | "quota_exceeded"
  | "internal"
  | "overloaded"
  | "timeout";

/** An error answer. Everything left out follows from `kind` and the provider that is asked. */
export interface ScriptedError {
  /** What went wrong. @default derived from `status`, else `internal` */
  readonly kind?: ProviderErrorKind;
  /** HTTP status from 400 to 599. @default the one this provider uses for `kind` */
  readonly status?: number;
  /** Text for a human. @default a sentence that names `kind` */
  readonly message?: string;
  /** The provider's own error type (`overloaded_error`, `RESOURCE_EXHAUSTED`). @default by `kind` */
  readonly type?: string;
  /** The provider's own error code; only OpenAI has one beside the type. @default by `kind` */
  readonly code?: string;
  /** The faulty parameter; only OpenAI names one. @default null */
  readonly param?: string;
  /** Milliseconds after which a retry is welcome, sent as `retry-after` and `retry-after-ms`. */
  readonly retryAfterMs?: number;
}

/** How one provider spells an error kind. `code` is null where the provider leaves it out. */
export interface ErrorSpelling {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
}

/** A scripted error with every field decided for one provider. */
export interface ResolvedError extends ErrorSpelling {
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly param: string | null;
  readonly retryAfterMs: number | undefined;
}

const kindByStatus: ReadonlyMap<number, ProviderErrorKind> = new Map([
  [400, "invalid_request"],
  [401, "authentication"],
  [402, "quota_exceeded"],
  [403, "permission"],
  [404, "not_found"],
  [408, "timeout"],
  [413, "request_too_large"],
  [429, "rate_limited"],
  [500, "internal"],
  [503, "overloaded"],
  [504, "timeout"],
  [529, "overloaded"],
]);

function kindOf(status: number | undefined): ProviderErrorKind {
  if (status === undefined) return "internal";
  return kindByStatus.get(status) ?? (status >= 500 ? "internal" : "invalid_request");
}

/** Decides every field of an error for the provider whose spelling is given. */
export function resolveError(
  error: ScriptedError,
  spelling: Readonly<Record<ProviderErrorKind, ErrorSpelling>>,
): ResolvedError {
  const kind = error.kind ?? kindOf(error.status);
  const usual = spelling[kind];
  return {
    kind,
    status: error.status ?? usual.status,
    type: error.type ?? usual.type,
    code: error.code ?? usual.code,
    param: error.param ?? null,
    message: error.message ?? `The scripted reply is an error: ${kind.replaceAll("_", " ")}.`,
    retryAfterMs: error.retryAfterMs,
  };
}

/** Headers that tell a client when to retry; both spellings, because SDKs read either. */
export function retryHeaders(error: ResolvedError): Record<string, string> {
  if (error.retryAfterMs === undefined) return {};
  return {
    "retry-after": String(Math.ceil(error.retryAfterMs / 1000)),
    "retry-after-ms": String(error.retryAfterMs),
  };
}
