/** A map that keeps the newest entries only. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #maximum: number;
  readonly #onDrop: (value: V) => void;

  /**
   * @param maximum How many entries are kept.
   * @param onDrop Called with the oldest when it has to give way.
   */
  constructor(maximum: number, onDrop: (value: V) => void) {
    this.#maximum = maximum;
    this.#onDrop = onDrop;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#maximum) return;
    for (const [oldest, dropped] of this.#entries) {
      this.#entries.delete(oldest);
      this.#onDrop(dropped);
      return;
    }
  }

  /** Gives an entry and forgets it. */
  take(key: string): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }
}
