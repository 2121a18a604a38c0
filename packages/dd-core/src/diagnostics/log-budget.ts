const windowMs = 60_000;

/** Allows a number of lines a minute and remembers how many it has refused since it last allowed one. */
export class LogBudget {
  readonly #linesPerWindow: number;
  readonly #now: () => number;
  #windowStart = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #suppressed = 0;

  constructor(linesPerWindow: number, now: () => number) {
    this.#linesPerWindow = linesPerWindow;
    this.#now = now;
  }

  /** @returns How many lines were refused before this one, or `undefined` when this one is refused too. */
  take(): { readonly suppressed: number } | undefined {
    const now = this.#now();
    // A clock that was set back begins a new window too, or nothing would be said until it has caught up.
    if (now - this.#windowStart >= windowMs || now < this.#windowStart) {
      this.#windowStart = now;
      this.#lines = 0;
    }
    if (this.#lines >= this.#linesPerWindow) {
      this.#suppressed += 1;
      return undefined;
    }
    this.#lines += 1;
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    return { suppressed };
  }
}
