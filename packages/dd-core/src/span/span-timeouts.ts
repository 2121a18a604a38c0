import type { Span } from "./span.ts";

const sweepIntervalMs = 1_000;

/** Not the time of day, which may be set while spans are open. */
const monotonicNow = (): number => performance.now();

/**
 * Ends spans that are open for too long, at most a second late. One unreferenced timer serves them all, and runs
 * only while some span has a limit.
 */
export class SpanTimeouts {
  readonly #deadlines = new Map<Span, number>();
  readonly #onTimeout: (span: Span) => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(onTimeout: (span: Span) => void, now: () => number = monotonicNow) {
    this.#onTimeout = onTimeout;
    this.#now = now;
  }

  /** Ends `span` when it has not been forgotten after `timeoutMs`. */
  watch(span: Span, timeoutMs: number): void {
    this.#deadlines.set(span, this.#now() + timeoutMs);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#sweep(), sweepIntervalMs);
      this.#timer.unref();
    }
  }

  forget(span: Span): void {
    if (this.#deadlines.size === 0) return;
    if (this.#deadlines.delete(span) && this.#deadlines.size === 0) this.stop();
  }

  /** Stops the timer; it starts again with the next span that has a limit. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    const now = this.#now();
    for (const [span, deadline] of this.#deadlines) {
      if (deadline > now) continue;
      // First, so that a span that cannot be ended is not tried again for ever.
      this.forget(span);
      this.#onTimeout(span);
    }
  }
}
