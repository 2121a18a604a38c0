/**
 * Remembers the results of texts that come again, such as the messages of a conversation. A
 * direct-mapped table compared by identity or content: no text is ever hashed. A text is only
 * kept from its second appearance on, so that what is seen once is not held in memory.
 */
export class TextMemo<Result> {
  readonly #fingerprints: Int32Array;
  readonly #texts: (string | undefined)[];
  readonly #results: (Result | undefined)[];
  readonly #mask: number;
  readonly #maximumCharacters: number;
  #characters = 0;

  /**
   * @param slots Number of slots, a power of two.
   * @param maximumCharacters Characters held in all, in UTF-16 code units.
   */
  constructor(slots: number, maximumCharacters: number) {
    this.#fingerprints = new Int32Array(slots);
    this.#texts = new Array<string | undefined>(slots).fill(undefined);
    this.#results = new Array<Result | undefined>(slots).fill(undefined);
    this.#mask = slots - 1;
    this.#maximumCharacters = maximumCharacters;
  }

  /** The result of the same text, or undefined. */
  get(text: string, fingerprint: number): Result | undefined {
    const slot = fingerprint & this.#mask;
    return this.#texts[slot] === text ? this.#results[slot] : undefined;
  }

  /** Offers a result; it is kept when the same fingerprint was offered last in its slot. */
  offer(text: string, fingerprint: number, result: Result): void {
    const slot = fingerprint & this.#mask;
    if (this.#fingerprints[slot] !== fingerprint) {
      this.#fingerprints[slot] = fingerprint;
      return;
    }
    const length = text.length;
    if (length > this.#maximumCharacters >> 2) return;
    this.#characters += length - (this.#texts[slot]?.length ?? 0);
    this.#texts[slot] = text;
    this.#results[slot] = result;
    if (this.#characters > this.#maximumCharacters) this.clear();
  }

  /** Forgets everything. */
  clear(): void {
    this.#texts.fill(undefined);
    this.#results.fill(undefined);
    this.#fingerprints.fill(0);
    this.#characters = 0;
  }
}

/** A number from the length and a few characters of a text; cheap, and not a hash of all of it. */
export function textFingerprint(text: string): number {
  const length = text.length;
  const samples =
    text.charCodeAt(length - 1) +
    Math.imul(text.charCodeAt(length >> 1), 31) +
    Math.imul(text.charCodeAt(length >> 2), 961) +
    Math.imul(text.charCodeAt(length - (length >> 2) - 1), 29_791) +
    Math.imul(text.charCodeAt(3), 923_521);
  const mixed = Math.imul(samples ^ Math.imul(length, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
