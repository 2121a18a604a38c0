import { contentEnd, openingQuote } from "./quoted-text.ts";

/**
 * The end of the JSON object or array that begins at `start`, strings respected; the end of the
 * text when it is never closed.
 */
export function bracketedEnd(text: string, start: number): number {
  let depth = 0;
  let index = start;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) {
      depth--;
      if (depth === 0) return index + 1;
    } else if (code === 34 || code === 92) {
      const quote = openingQuote(text, index);
      if (quote !== undefined) {
        const end = contentEnd(text, quote);
        if (end === -1) return text.length;
        index = end + quote.backslashes;
      }
    }
    index++;
  }
  return text.length;
}
