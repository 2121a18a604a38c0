import type { Recorder } from "./recorder.ts";

/** Measures how long something takes and records it (ms). No method throws by itself. */
export class MetricTimer {
  readonly #recorder: Recorder;
  readonly #now: () => number;

  /** @internal @param now A clock that never goes back (ms). */
  constructor(recorder: Recorder, now: () => number) {
    this.#recorder = recorder;
    this.#now = now;
  }

  /** Records a duration that was measured elsewhere (ms). */
  record(durationMs: number): void {
    this.#recorder.record(durationMs);
  }

  /**
   * Begins to measure.
   *
   * @returns Ends the measurement and returns the duration (ms); further calls record nothing.
   */
  start(): () => number {
    const begin = this.#now();
    let duration: number | undefined;
    return () => {
      if (duration === undefined) {
        duration = this.#now() - begin;
        this.#recorder.record(duration);
      }
      return duration;
    };
  }

  /**
   * Runs a function and records how long it took, until it has returned, thrown, resolved or rejected.
   *
   * @returns What the function returns; for a promise or another thenable, what its `then` returns, settled the same
   *   way after the duration has been recorded.
   * @throws What the function throws.
   */
  time<T>(fn: () => T): T {
    return timeCall(fn, this.start());
  }

  /**
   * Begins to measure, and ends when the callback is called for the first time.
   *
   * @returns A callback that passes everything on to the given one.
   * @example
   * ```ts
   * import { readFile } from "node:fs";
   * import { createMetrics } from "@llmdevops/dd-metrics";
   *
   * const reading = createMetrics({ service: "checkout" }).timer("file.read");
   * readFile("orders.json", reading.callback((error, content) => {}));
   * ```
   */
  callback<This, Arguments extends unknown[], Result>(
    callback: (this: This, ...values: Arguments) => Result,
  ): (this: This, ...values: Arguments) => Result {
    const stop = this.start();
    return function (...values) {
      stop();
      return callback.apply(this, values);
    };
  }
}

/**
 * Runs a function and says when it has returned, thrown, resolved or rejected.
 *
 * @returns What the function returns; for a thenable, what its `then` returns.
 * @throws What the function throws.
 */
export function timeCall<T>(fn: () => T, onEnd: () => unknown): T {
  let result: T;
  try {
    result = fn();
  } catch (error) {
    onEnd();
    throw error;
  }
  if (!isPromiseLike(result)) {
    onEnd();
    return result;
  }
  try {
    return result.then(
      (value) => {
        onEnd();
        return value;
      },
      (error: unknown) => {
        onEnd();
        throw error;
      },
    ) as T;
  } catch {
    // A broken thenable: the caller finds that out by itself when it awaits.
    onEnd();
    return result;
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  try {
    return "then" in value && typeof value.then === "function";
  } catch {
    return false;
  }
}
