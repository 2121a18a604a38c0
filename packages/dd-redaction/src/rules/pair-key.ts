import { asciiTable, isDigit, isIn } from "../detection/characters.ts";
import type { HarmlessKeys } from "../keys/harmless-keys.ts";
import { isQuote } from "./quoted-text.ts";

/** A sensitive key found in front of a `:` or `=`. */
export interface PairKey {
  readonly name: string;
  /** The key stands in quotes: the text is JSON or looks like it. */
  readonly quoted: boolean;
  /** Backslashes in front of the closing quote. */
  readonly backslashes: number;
}

/** Which keys are sensitive. */
export interface KeyTest {
  isSensitive(key: string): boolean;
  /** Keys that were found harmless. */
  readonly harmless: HarmlessKeys;
}

const maximumKeyLength = 64;
const maximumPadding = 3;
const maximumBackslashes = 7;
const keyCharacter = asciiTable(/[\w.-]/);
const keyLetter = asciiTable(/[A-Za-z_]/);
/** Where the digits of `2024-11-20` stand, counted from behind the hour. */
const dateDigits = [4, 5, 7, 8, 10, 11, 12, 13];
const secondWord = /^(?:keys?|tokens?|codes?|number|id|word|phrase|auth|string)$/i;
const firstWord = /([A-Za-z-]{2,20}) $/;

/** The sensitive key that ends before the sign at `sign`, or undefined. */
export function pairKeyBefore(text: string, sign: number, keys: KeyTest): PairKey | undefined {
  let end = sign;
  // `secret ?: …` of TypeScript counts as padding too.
  while (end > 0 && sign - end < maximumPadding && isPadding(text.charCodeAt(end - 1))) end--;
  return isQuote(text.charCodeAt(end - 1))
    ? quotedKey(text, end - 1, keys)
    : bareKey(text, end, keys);
}

function isPadding(code: number): boolean {
  return code === 32 || code === 9 || code === 63;
}

function quotedKey(text: string, quoteAt: number, keys: KeyTest): PairKey | undefined {
  const code = text.charCodeAt(quoteAt);
  let end = quoteAt;
  while (end > 0 && quoteAt - end < maximumBackslashes && text.charCodeAt(end - 1) === 92) end--;
  if (keys.harmless.endsAt(text, end)) return undefined;
  let start = end;
  const limit = Math.max(0, end - maximumKeyLength);
  while (start > limit && text.charCodeAt(start - 1) !== code) start--;
  if (start === end || text.charCodeAt(start - 1) !== code) return undefined;
  const name = text.slice(start, end);
  if (keys.isSensitive(name)) return { name, quoted: true, backslashes: quoteAt - end };
  keys.harmless.add(text.slice(start - 1, end));
  return undefined;
}

function bareKey(text: string, end: number, keys: KeyTest): PairKey | undefined {
  // `12:30:59` and `2024-11-20T12:30:59` are the most common signs of all without a key.
  if (isDigit(text.charCodeAt(end - 1)) && isDigit(text.charCodeAt(end - 2))) {
    if (!isIn(keyLetter, text.charCodeAt(end - 3)) || isHourOfDate(text, end)) return undefined;
  }
  let start = end;
  const limit = Math.max(0, end - maximumKeyLength);
  while (start > limit && isKeyCharacter(text.charCodeAt(start - 1))) start--;
  // The `n` of `\npassword: …` belongs to the escape.
  if (text.charCodeAt(start - 1) === 92 && /[nrtbf]/.test(text[start] ?? "")) start++;
  if (end - start < 2) return undefined;
  const name = text.slice(start, end);
  return keys.isSensitive(name)
    ? { name, quoted: false, backslashes: 0 }
    : twoWordKey(text, start, end, keys);
}

/** Whether `2024-11-20T12` ends before `end` and is a whole word (ISO 8601); its hour is known to be digits. */
function isHourOfDate(text: string, end: number): boolean {
  if (text.charCodeAt(end - 3) !== 84 || text.charCodeAt(end - 6) !== 45) return false;
  if (text.charCodeAt(end - 9) !== 45 || isKeyCharacter(text.charCodeAt(end - 14))) return false;
  return dateDigits.every((distance) => isDigit(text.charCodeAt(end - distance)));
}

/** "API key: …", "Access token: …" in prose. */
function twoWordKey(text: string, start: number, end: number, keys: KeyTest): PairKey | undefined {
  if (text.charCodeAt(start - 1) !== 32 || !secondWord.test(text.slice(start, end))) {
    return undefined;
  }
  const before = firstWord.exec(text.slice(Math.max(0, start - 24), start))?.[1];
  const name = `${before} ${text.slice(start, end)}`;
  return before !== undefined && keys.isSensitive(name)
    ? { name, quoted: false, backslashes: 0 }
    : undefined;
}

function isKeyCharacter(code: number): boolean {
  if (code < 128) return isIn(keyCharacter, code);
  // Letters of other scripts, not their punctuation and spaces.
  return (code >= 0xc0 && code < 0x2000) || (code >= 0x3040 && code < 0xfe00);
}
