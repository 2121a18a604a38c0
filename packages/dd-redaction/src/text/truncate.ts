/** Options of {@link truncate}. */
export interface TruncateOptions {
  /**
   * What `limit` counts: UTF-16 code units or bytes of UTF-8.
   *
   * @default "characters"
   */
  readonly unit?: "characters" | "bytes";
}

/** Longest label that is kept whole. */
const maximumLabelLength = 96;
const label = /^\[[A-Z][A-Z0-9_]*(?::[0-9a-f]{16})?\]/;

/**
 * Shortens a text to a limit and says how much was cut. Never cuts a surrogate pair or a redaction
 * label in two.
 *
 * @param text The text; redact it first, or the cut may leave half of a secret that no rule knows.
 * @param limit Most that may remain, the note about the cut included; at least 0.
 * @returns The same string when it fits.
 * @example
 * ```ts
 * truncate("a".repeat(50), 40); // "aaaaaaaaaaaa...[truncated 38 characters]"
 * ```
 */
export function truncate(text: string, limit: number, options: TruncateOptions = {}): string {
  if (typeof text !== "string") return "";
  const room = Number.isFinite(limit)
    ? Math.max(0, Math.floor(limit))
    : limit > 0
      ? text.length
      : 0;
  const measure = options.unit === "bytes" ? utf8Length : codeUnits;
  if (text.length <= room && measure(text) <= room) return text;
  if (room === Number.POSITIVE_INFINITY) return text;
  // The note grows with what it says, so it is settled in a second step.
  let note = noteFor(text.length);
  if (note.length >= room) return text.slice(0, safeEnd(text, fitting(text, room, measure)));
  const end = safeEnd(text, fitting(text, room - note.length, measure));
  note = noteFor(text.length - end);
  return text.slice(0, end) + note;
}

function noteFor(characters: number): string {
  return `...[truncated ${characters} characters]`;
}

function codeUnits(text: string): number {
  return text.length;
}

/** Length of a text in bytes of UTF-8, a lone surrogate counted as its replacement. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (isPair(text, index)) {
      bytes += 4;
      index++;
    } else bytes += 3;
  }
  return bytes;
}

function isPair(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  const low = text.charCodeAt(index + 1);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

/** How many code units from the start fit into `room`. */
function fitting(text: string, room: number, measure: (text: string) => number): number {
  if (measure === codeUnits) return Math.min(room, text.length);
  let bytes = 0;
  let index = 0;
  while (index < text.length) {
    const step = isPair(text, index) ? 2 : 1;
    const size = utf8Length(text.slice(index, index + step));
    if (bytes + size > room) break;
    bytes += size;
    index += step;
  }
  return index;
}

/** The last position up to `end` that lies neither in a surrogate pair nor in a label. */
function safeEnd(text: string, end: number): number {
  const open = text.lastIndexOf("[", end - 1);
  if (end > 0 && open !== -1 && end - open <= maximumLabelLength) {
    const found = label.exec(text.slice(open, open + maximumLabelLength));
    if (found !== null && open + found[0].length > end) return open;
  }
  return end > 0 && isPair(text, end - 1) ? end - 1 : end;
}
