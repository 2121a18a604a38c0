/** `closed`: attempts are made; `open`: none is; `half-open`: one probe is under way. */
export type BreakerState = "closed" | "open" | "half-open";

/** When the breaker opens, and for how long. */
export interface BreakerOptions {
  /** Failed attempts in a row that open it. */
  readonly failures: number;
  /** How long it stays open (ms). */
  readonly openMs: number;
}

/** Stops attempts after several failures in a row; afterwards lets exactly one probe through. */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  readonly #now: () => number;
  readonly #onChange: (state: BreakerState, before: BreakerState) => void;
  #state: BreakerState = "closed";
  #failures = 0;
  #openedAt = 0;

  /**
   * @param now A clock that never goes back (ms).
   * @param onChange Told of every change of state, with the one before.
   */
  constructor(
    options: BreakerOptions,
    now: () => number,
    onChange: (state: BreakerState, before: BreakerState) => void,
  ) {
    this.#options = options;
    this.#now = now;
    this.#onChange = onChange;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Failed attempts in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds until an attempt may be made; 0 when now, infinity while a probe is under way. */
  waitMs(): number {
    if (this.#state === "closed") return 0;
    if (this.#state === "half-open") return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#openedAt + this.#options.openMs - this.#now());
  }

  /** Notes that an attempt begins; where the breaker is open, this is the probe. */
  attemptStarted(): void {
    if (this.#state === "open") this.#change("half-open");
  }

  succeeded(): void {
    this.#failures = 0;
    this.#change("closed");
  }

  failed(): void {
    this.#failures += 1;
    if (this.#state === "half-open" || this.#failures >= this.#options.failures) {
      this.#openedAt = this.#now();
      this.#change("open");
    }
  }

  #change(state: BreakerState): void {
    const before = this.#state;
    if (state === before) return;
    this.#state = state;
    this.#onChange(state, before);
  }
}
