import type { Span } from "../span/span.ts";

/** Runs `fn` with the span and ends it once, when `fn` has returned, thrown, resolved or rejected. */
export function runAndFinish<S extends Span, T>(span: S, run: (span: S) => T): T {
  let result: T;
  try {
    result = run(span);
  } catch (error) {
    span.setError(error);
    span.finish();
    throw error;
  }
  if (!isPromiseLike(result)) {
    span.finish();
    return result;
  }
  // The caller gets the same kind of promise back, settled the same way.
  return result.then(
    (value) => {
      span.finish();
      return value;
    },
    (error: unknown) => {
      span.setError(error);
      span.finish();
      throw error;
    },
  ) as T;
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
