/** A lookup table over ASCII built from character ranges written as in a regular expression. */
export function asciiTable(pattern: RegExp): Uint8Array {
  const table = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    if (pattern.test(String.fromCharCode(code))) table[code] = 1;
  }
  return table;
}

const alphanumeric = asciiTable(/[A-Za-z0-9]/);
const tokenCharacter = asciiTable(/[A-Za-z0-9_-]/);
const hexadecimal = asciiTable(/[0-9A-Fa-f]/);

/** Whether a code unit is an ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a code unit is an ASCII letter or digit. */
export function isAlphanumeric(code: number): boolean {
  return alphanumeric[code] === 1;
}

/** Whether a code unit is in a table made by {@link asciiTable}. */
export function isIn(table: Uint8Array, code: number): boolean {
  return table[code] === 1;
}

/** The end of the run of `table` characters that begins at `from`, at most `limit`. */
function runEnd(text: string, from: number, table: Uint8Array, limit: number): number {
  const stop = Math.min(limit, text.length);
  let index = from;
  while (index < stop && table[text.charCodeAt(index)] === 1) index++;
  return index;
}

/** The end of the run of letters, digits, `_` and `-` that begins at `from`. */
export function tokenEnd(text: string, from: number): number {
  return runEnd(text, from, tokenCharacter, text.length);
}

/**
 * How many code units before `index` belong to one escape sequence that ends there: 2 for `\n`,
 * 6 for a `\u` escape, 3 for `%3D`, else 0. In JSON and URL text the letter before a secret is
 * often the tail of such an escape and not part of a word.
 */
export function escapeLengthBefore(text: string, index: number): number {
  const previous = text.charCodeAt(index - 1);
  if (index >= 2 && text.charCodeAt(index - 2) === 92 && "nrtbf".includes(text[index - 1] ?? " ")) {
    return 2;
  }
  if (hexadecimal[previous] !== 1) return 0;
  if (index >= 3 && text.charCodeAt(index - 3) === 37 && isHexRun(text, index - 2, index)) return 3;
  if (
    index >= 6 &&
    text.charCodeAt(index - 6) === 92 &&
    text.charCodeAt(index - 5) === 117 &&
    isHexRun(text, index - 4, index)
  ) {
    return 6;
  }
  return 0;
}

function isHexRun(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    if (hexadecimal[text.charCodeAt(index)] !== 1) return false;
  }
  return true;
}

/** Whether a token may begin at `index`: no letter or digit stands directly before it. */
export function isTokenStart(text: string, index: number): boolean {
  if (index === 0 || !isAlphanumeric(text.charCodeAt(index - 1))) return true;
  return escapeLengthBefore(text, index) > 0;
}
