/** Bytes of request bodies that may be in memory at once, over all connections. */
export class ByteBudget {
  readonly #limit: number;
  #used = 0;

  /** @param limit Most bytes at once. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes bytes out of the budget; `false`, and nothing taken, when they do not fit. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.#limit) return false;
    this.#used += bytes;
    return true;
  }

  /** Gives bytes back. */
  release(bytes: number): void {
    this.#used -= bytes;
  }
}
