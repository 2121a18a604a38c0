import type { Span } from "../span/span.ts";
import type { TracedSpan } from "../span/traced-span.ts";

/**
 * Runs `run` with the span and ends it once, when `run` has returned, thrown, resolved or rejected.
 *
 * @param span A span that has been started; it need not be active.
 * @param run The work, which is given the span.
 * @returns What `run` returns; for a promise or another thenable, what its `then` returns, settled the same way after
 *   the span has ended.
 * @throws What `run` throws, after it has been recorded.
 * @example
 * ```ts
 * const ticket = await runAndFinish(tracing.startSpan("ticket.load"), () => loadTicket(id));
 * ```
 */
export function runAndFinish<S extends Span, T>(span: S, run: (span: S) => T): T {
  let result: T;
  try {
    result = run(span);
  } catch (error) {
    fail(span, error);
    throw error;
  }
  return finishWith(span, result);
}

/** The same with the span active, also after the awaits of `run`. */
export function activateAndFinish<T>(span: TracedSpan, run: (span: Span) => T): T {
  let result: T;
  try {
    result = span.activate(run, span);
  } catch (error) {
    fail(span, error);
    throw error;
  }
  return finishWith(span, result);
}

function fail(span: Span, error: unknown): void {
  span.setError(error);
  span.finish();
}

/** Ends the span when what the work has returned is settled, which for most values it is. */
function finishWith<T>(span: Span, result: T): T {
  if (!isPromiseLike(result)) {
    span.finish();
    return result;
  }
  try {
    return result.then(
      (value) => {
        span.finish();
        return value;
      },
      (error: unknown) => {
        fail(span, error);
        throw error;
      },
    ) as T;
  } catch (error) {
    // A broken thenable: the caller finds that out by itself when it awaits.
    fail(span, error);
    return result;
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  try {
    return typeof (value as { readonly then?: unknown }).then === "function";
  } catch {
    return false;
  }
}
