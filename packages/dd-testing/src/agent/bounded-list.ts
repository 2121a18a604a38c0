/**
 * A list that keeps the newest items within a number and a size, and counts what it let go.
 *
 * An item larger than the whole byte limit is still kept alone, so that the newest is always there.
 */
export class BoundedList<T> {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  // Two arrays instead of one of pairs: a reader gets its copy of the values in one move.
  #values: T[] = [];
  #sizes: number[] = [];
  #first = 0;
  #bytes = 0;
  #discarded = 0;

  /**
   * @param maxItems Most items kept; 0 keeps none.
   * @param maxBytes Most bytes kept, by the sizes given to `push`.
   */
  constructor(maxItems: number, maxBytes: number) {
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
  }

  /** Items let go since the start or the last `clear`. */
  get discarded(): number {
    return this.#discarded;
  }

  /** Items kept now. */
  get size(): number {
    return this.#values.length - this.#first;
  }

  push(value: T, bytes: number): void {
    this.#values.push(value);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    while (this.size > this.#maxItems || (this.size > 1 && this.#bytes > this.#maxBytes)) {
      this.#bytes -= this.#sizes[this.#first] ?? 0;
      this.#first += 1;
      this.#discarded += 1;
    }
    // Compacting when half is dead keeps push at constant cost on average.
    if (this.#first > 32 && this.#first * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#first);
      this.#sizes = this.#sizes.slice(this.#first);
      this.#first = 0;
    }
  }

  /** The items kept, oldest first, in a new array. */
  values(): T[] {
    return this.#values.slice(this.#first);
  }

  clear(): void {
    this.#values = [];
    this.#sizes = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#discarded = 0;
  }
}
