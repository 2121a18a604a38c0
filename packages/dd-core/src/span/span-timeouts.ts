import type { Span } from "./span.ts";

const sweepIntervalMs = 1_000;

/**
 * Ends spans that are open for too long. One unreferenced timer serves them all, and runs only while some span
 * has a limit.
 */
export class SpanTimeouts {
  readonly #deadlines = new Map<Span, number>();
  readonly #onTimeout: (span: Span) => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(onTimeout: (span: Span) => void, now: () => number = Date.now) {
    this.#onTimeout = onTimeout;
    this.#now = now;
  }

  watch(span: Span, timeoutMs: number): void {
    this.#deadlines.set(span, this.#now() + timeoutMs);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#sweep(), sweepIntervalMs);
      this.#timer.unref();
    }
  }

  forget(span: Span): void {
    if (this.#deadlines.delete(span) && this.#deadlines.size === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    const now = this.#now();
    for (const [span, deadline] of this.#deadlines) {
      if (deadline <= now) {
        this.#onTimeout(span);
        this.forget(span);
      }
    }
  }
}
