const slots = 256;

/**
 * Remembers quoted keys that are not sensitive and compares them in place, so that the same few
 * keys of JSON text need not be cut out and looked up each time.
 */
export class HarmlessKeys {
  readonly #keys = new Array<string | undefined>(slots).fill(undefined);

  /** Whether a remembered key, with its opening quote, ends before `end`. */
  endsAt(text: string, end: number): boolean {
    const key = this.#keys[slotOf(text, end)];
    return key !== undefined && text.startsWith(key, end - key.length);
  }

  /** Remembers a key with its opening quote; it takes the place of another one in its slot. */
  add(quotedKey: string): void {
    this.#keys[slotOf(quotedKey, quotedKey.length)] = quotedKey;
  }
}

/** The slot follows from the last characters: where the key begins is not known yet. */
function slotOf(text: string, end: number): number {
  const mixed =
    text.charCodeAt(end - 1) * 7 + text.charCodeAt(end - 2) * 31 + text.charCodeAt(end - 3) * 67;
  return mixed & (slots - 1);
}
