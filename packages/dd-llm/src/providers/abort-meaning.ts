import { isRecord, textAt } from "../formats/unknown-record.ts";

/**
 * Google's SDK reports its own time-out as it reports an abort by the application, and up to 1.x as an error without a
 * name of its own; the AWS SDK does so with `AbortSignal.timeout`. Only the application's signal tells the two apart.
 *
 * @returns The error by its meaning: a `TimeoutError`, an `AbortError`, or the error itself.
 */
export function meaningOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (!isAbort(error)) return error;
  const reason: unknown = signal?.aborted === true ? signal.reason : undefined;
  const isTimeout =
    signal?.aborted !== true || (isRecord(reason) && reason["name"] === "TimeoutError");
  return isTimeout
    ? new DOMException("The request timed out.", "TimeoutError")
    : new DOMException("The request was aborted.", "AbortError");
}

function isAbort(error: unknown): boolean {
  if (!isRecord(error)) return false;
  if (error["name"] === "AbortError" || error["name"] === "TimeoutError") return true;
  return /^exception (AbortError|TimeoutError)\b/.test(textAt(error, "message") ?? "");
}
