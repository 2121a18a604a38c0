import { asciiTable, isIn } from "../detection/characters.ts";
import { isQuote } from "./quoted-text.ts";

/** A sensitive key found in front of a `:` or `=`. */
export interface PairKey {
  readonly name: string;
  /** The key stands in quotes: the text is JSON or looks like it. */
  readonly quoted: boolean;
  /** Backslashes in front of the closing quote. */
  readonly backslashes: number;
}

const maximumKeyLength = 64;
const maximumPadding = 3;
const keyCharacter = asciiTable(/[\w.-]/);
const secondWord = /^(?:keys?|tokens?|codes?|number|id|word|phrase|auth|string)$/i;
const firstWord = /([A-Za-z-]{2,20}) $/;

/** The sensitive key that ends before the sign at `sign`, or undefined. */
export function pairKeyBefore(
  text: string,
  sign: number,
  isSensitiveKey: (key: string) => boolean,
): PairKey | undefined {
  let end = sign;
  // `secret?: …` and `secret!: …` of TypeScript.
  while (end > 0 && sign - end < maximumPadding && isSpace(text.charCodeAt(end - 1))) end--;
  return isQuote(text.charCodeAt(end - 1))
    ? quotedKey(text, end - 1, isSensitiveKey)
    : bareKey(text, end, isSensitiveKey);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

function quotedKey(
  text: string,
  quoteAt: number,
  isSensitiveKey: (key: string) => boolean,
): PairKey | undefined {
  const code = text.charCodeAt(quoteAt);
  let end = quoteAt;
  while (end > 0 && quoteAt - end < 7 && text.charCodeAt(end - 1) === 92) end--;
  let start = end;
  const limit = Math.max(0, end - maximumKeyLength);
  while (start > limit && text.charCodeAt(start - 1) !== code) start--;
  if (start === end || text.charCodeAt(start - 1) !== code) return undefined;
  const name = text.slice(start, end);
  return isSensitiveKey(name) ? { name, quoted: true, backslashes: quoteAt - end } : undefined;
}

function bareKey(
  text: string,
  end: number,
  isSensitiveKey: (key: string) => boolean,
): PairKey | undefined {
  let start = end;
  const limit = Math.max(0, end - maximumKeyLength);
  while (start > limit && isKeyCharacter(text.charCodeAt(start - 1))) start--;
  // The `n` of `\npassword: …` belongs to the escape.
  if (text.charCodeAt(start - 1) === 92 && /[nrtbf]/.test(text[start] ?? "")) start++;
  if (end - start < 2) return undefined;
  const name = text.slice(start, end);
  if (isSensitiveKey(name)) return { name, quoted: false, backslashes: 0 };
  if (!secondWord.test(name)) return undefined;
  const before = firstWord.exec(text.slice(Math.max(0, start - 24), start))?.[1];
  if (before === undefined || !isSensitiveKey(`${before} ${name}`)) return undefined;
  return { name: `${before} ${name}`, quoted: false, backslashes: 0 };
}

function isKeyCharacter(code: number): boolean {
  if (code < 128) return isIn(keyCharacter, code);
  // Letters of other scripts, not their punctuation and spaces.
  return (code >= 0xc0 && code < 0x2000) || (code >= 0x3040 && code < 0xfe00);
}
