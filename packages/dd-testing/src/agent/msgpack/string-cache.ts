const slots = 4096;
const longest = 64;

/**
 * Gives the same string for the same bytes. Telemetry repeats its names and tags without end: kept
 * once, they cost neither decoding nor memory for each span.
 *
 * Bounded: a string of more than 64 bytes is decoded every time, and a slot holds the last of those
 * that fall on it.
 */
export class StringCache {
  readonly #bytes: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(slots);
  readonly #texts: string[] = new Array<string>(slots).fill("");

  /** Decodes the UTF-8 between two offsets; invalid bytes become U+FFFD. */
  read(source: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return "";
    if (length > longest) return source.toString("utf8", start, end);
    const slot = slotOf(source, start, end);
    if (isEqual(this.#bytes[slot], source, start, length)) return this.#texts[slot] ?? "";
    const text = source.toString("utf8", start, end);
    this.#bytes[slot] = Uint8Array.prototype.slice.call(source, start, end);
    this.#texts[slot] = text;
    return text;
  }
}

/** FNV-1a over the bytes, folded to the number of slots. */
function slotOf(source: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ (source[index] ?? 0), 0x01000193);
  }
  return (hash ^ (hash >>> 12)) & (slots - 1);
}

function isEqual(
  known: Uint8Array | undefined,
  source: Buffer,
  start: number,
  length: number,
): boolean {
  if (known === undefined || known.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (known[index] !== source[start + index]) return false;
  }
  return true;
}
