const longestRetryAfterMs = 60_000;

/** Bounds of the pause between two attempts. */
export interface BackoffOptions {
  /** Upper bound of the first pause (ms). */
  readonly baseMs: number;
  /** Upper bound of every pause (ms). */
  readonly capMs: number;
}

/**
 * The pause before the next attempt: capped exponential backoff with full jitter, so that many processes do not
 * return at the same moment (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param failures Failed attempts in a row, from 1.
 * @param random A number from 0 up to 1.
 * @returns Milliseconds.
 */
export function retryDelay(failures: number, options: BackoffOptions, random: number): number {
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** Math.min(failures - 1, 30));
  return ceiling * random;
}

/**
 * Reads a `Retry-After` header (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after).
 *
 * @param value Seconds, or an HTTP date.
 * @param now The wall clock (ms since the epoch).
 * @returns Milliseconds, at most one minute; `undefined` where the header is absent or malformed.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  const pause = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (Number.isNaN(pause)) return undefined;
  return Math.min(Math.max(0, pause), longestRetryAfterMs);
}
