const windowMs = 1_000;
/** How much the rate may rise from one window to the next: a burst is answered at once, a lull slowly. */
const steepestRise = 1.5;
/** A change that is not worth a new decision table. */
const negligible = 0.05;

/**
 * Lowers the sample rate so that about a wanted number of traces is kept in a second, and lets it rise again to the
 * configured rate. The decision itself stays one by trace id.
 */
export class AdaptiveRate {
  readonly #target: number;
  readonly #highest: number;
  readonly #apply: (rate: number) => void;
  readonly #now: () => number;
  #rate: number;
  #applied: number;
  #windowStart: number;
  #started = 0;

  /**
   * @param target Traces to keep in a second.
   * @param highest The configured rate, 0 to 1.
   * @param apply Told when the rate has changed by more than a twentieth.
   */
  constructor(
    target: number,
    highest: number,
    apply: (rate: number) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#target = target;
    this.#highest = highest;
    this.#apply = apply;
    this.#now = now;
    this.#rate = highest;
    this.#applied = highest;
    this.#windowStart = now();
  }

  /** The rate in force, 0 to 1. */
  get rate(): number {
    return this.#applied;
  }

  /** Notes that a new trace has begun. No timer is needed: without new traces there is nothing to decide. */
  traceStarted(): void {
    const elapsed = this.#now() - this.#windowStart;
    if (elapsed >= windowMs) this.#adjust(elapsed);
    this.#started += 1;
  }

  #adjust(elapsedMs: number): void {
    const perSecond = (this.#started * 1_000) / elapsedMs;
    const windows = Math.min(elapsedMs / windowMs, 100);
    const wanted = perSecond === 0 ? this.#highest : this.#target / perSecond;
    this.#rate = Math.min(this.#highest, wanted, this.#rate * steepestRise ** windows);
    this.#windowStart += elapsedMs;
    this.#started = 0;
    const isBack = this.#rate === this.#highest && this.#applied !== this.#highest;
    if (!isBack && Math.abs(this.#rate - this.#applied) <= negligible * this.#applied) return;
    this.#applied = this.#rate;
    this.#apply(this.#rate);
  }
}
