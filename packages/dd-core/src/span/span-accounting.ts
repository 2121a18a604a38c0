/** How many spans there have been, and where they are. */
export interface SpanCounts {
  /** Started since the client was made. */
  readonly created: number;
  /** Ended by the application or by their time limit. */
  readonly finished: number;
  /** Started and not yet finished. */
  readonly open: number;
  /** Ended by their time limit. */
  readonly timedOut: number;
}

/** Counts spans; `created = finished + open` at any moment. */
export class SpanAccounting {
  #created = 0;
  #finished = 0;
  #timedOut = 0;

  spanCreated(): void {
    this.#created += 1;
  }

  spanFinished(): void {
    this.#finished += 1;
  }

  spanTimedOut(): void {
    this.#timedOut += 1;
  }

  counts(): SpanCounts {
    return {
      created: this.#created,
      finished: this.#finished,
      open: this.#created - this.#finished,
      timedOut: this.#timedOut,
    };
  }
}
