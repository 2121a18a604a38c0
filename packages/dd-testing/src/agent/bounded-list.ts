/**
 * A list that keeps the newest items within a number and a size, and counts what it let go.
 *
 * An item larger than the whole byte limit is still kept alone, so that the newest is always there.
 */
export class BoundedList<T> {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  #items: { value: T; bytes: number }[] = [];
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
    return this.#items.length - this.#first;
  }

  push(value: T, bytes: number): void {
    this.#items.push({ value, bytes });
    this.#bytes += bytes;
    while (this.size > this.#maxItems || (this.size > 1 && this.#bytes > this.#maxBytes)) {
      this.#bytes -= this.#items[this.#first]?.bytes ?? 0;
      this.#first += 1;
      this.#discarded += 1;
    }
    // Compacting when half is dead keeps push at constant cost on average.
    if (this.#first > 32 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
  }

  /** The items kept, oldest first, in a new array. */
  values(): T[] {
    return this.#items.slice(this.#first).map((item) => item.value);
  }

  clear(): void {
    this.#items = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#discarded = 0;
  }
}
