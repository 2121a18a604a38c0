/** An opening quote with the backslashes in front of it: JSON inside JSON escapes its quotes. */
export interface Quote {
  /** Position of the first character after the quote. */
  readonly contentStart: number;
  /** The quote character as a code unit. */
  readonly code: number;
  /** Backslashes in front: 0 in plain text, 1 one level down, 3 two levels down. */
  readonly backslashes: number;
}

/** Deepest nesting of JSON in JSON strings that is followed: seven backslashes, three levels. */
const maximumBackslashes = 7;

/** Whether a code unit is a quote of any of the three kinds. */
export function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96;
}

/** The opening quote at `index`, or undefined when there is none. */
export function openingQuote(text: string, index: number): Quote | undefined {
  let at = index;
  while (text.charCodeAt(at) === 92 && at - index < maximumBackslashes) at++;
  const code = text.charCodeAt(at);
  return isQuote(code) ? { contentStart: at + 1, code, backslashes: at - index } : undefined;
}

/**
 * Where the content behind an opening quote ends: before the closing quote and its backslashes.
 * Returns -1 when it is never closed.
 */
export function contentEnd(text: string, quote: Quote): number {
  const step = quote.backslashes + 1;
  const character = String.fromCharCode(quote.code);
  let at = text.indexOf(character, quote.contentStart);
  while (at !== -1) {
    let run = at;
    while (run > quote.contentStart && text.charCodeAt(run - 1) === 92) run--;
    const backslashes = at - run;
    // Seen from the level of the string, the quote is escaped by an odd number of backslashes.
    const level = (backslashes - quote.backslashes) / step;
    if (level < 0 || !Number.isInteger(level)) return run;
    if (level % 2 === 0) return at - quote.backslashes;
    at = text.indexOf(character, at + 1);
  }
  return -1;
}
