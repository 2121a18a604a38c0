import { isQuote } from "../rules/quoted-text.ts";

/**
 * Reads over the rest of a secret that is longer than what a stream holds back. Returns what
 * follows the secret, or undefined while it goes on.
 */
export type Swallow = (piece: string) => string | undefined;

const tokenEnd = /[\s"'`<>,;{}()[\]]/;
const blockEnd = /-----END [A-Z0-9 ]{0,60}-----/;
const notInBlock = /[^A-Za-z0-9+/=\s\\:,.()-]/;
const longestClosingLine = 80;

/** What ends the secret that begins at `start`, judged from how it begins. */
export function swallowFor(text: string, start: number): Swallow {
  if (text.startsWith("-----BEGIN", start)) return block();
  const opening = text.charCodeAt(start);
  // Where a half-read object ends cannot be known without all of it.
  if (opening === 123 || opening === 91) return () => undefined;
  return isQuote(text.charCodeAt(start - 1)) ? quoted(text, start) : token;
}

function token(piece: string): string | undefined {
  const end = piece.search(tokenEnd);
  return end === -1 ? undefined : piece.slice(end);
}

function block(): Swallow {
  let tail = "";
  return (piece) => {
    const text = tail + piece;
    const found = blockEnd.exec(text);
    const foreign = text.search(notInBlock);
    if (found !== null && (foreign === -1 || found.index < foreign)) {
      return text.slice(found.index + found[0].length);
    }
    if (foreign !== -1) return text.slice(foreign);
    tail = text.slice(-longestClosingLine);
    return undefined;
  };
}

function quoted(text: string, start: number): Swallow {
  const quote = text[start - 1] ?? '"';
  let level = 0;
  while (text.charCodeAt(start - 2 - level) === 92) level++;
  let backslashes = trailingBackslashes(text);
  return (piece) => {
    for (let index = 0; index < piece.length; index++) {
      if (piece.charCodeAt(index) === 92) {
        backslashes++;
      } else {
        // The backslashes of the closing quote may have come with an earlier piece.
        if (piece[index] === quote && closes(backslashes, level)) {
          return "\\".repeat(Math.min(level, backslashes)) + piece.slice(index);
        }
        backslashes = 0;
      }
    }
    return undefined;
  };
}

/** See `contentEnd` in `quoted-text.ts`. */
function closes(backslashes: number, level: number): boolean {
  const seen = (backslashes - level) / (level + 1);
  return seen < 0 || !Number.isInteger(seen) || seen % 2 === 0;
}

function trailingBackslashes(text: string): number {
  let count = 0;
  while (text.charCodeAt(text.length - 1 - count) === 92) count++;
  return count;
}
