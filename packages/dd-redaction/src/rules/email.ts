import { hasAt, hasEscape } from "../detection/character-features.ts";
import { asciiTable, escapeLengthBefore, isIn } from "../detection/characters.ts";
import { addMatch, type MatchList } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";

/** Limits of RFC 5321 section 4.5.3.1: local part and domain in octets. */
const maximumLocalLength = 64;
const maximumDomainLength = 255;

const localCharacter = asciiTable(/[A-Za-z0-9._%+\-'!#$&*^~]/);
const domainCharacter = asciiTable(/[A-Za-z0-9.-]/);
const letterOrDigit = /[\p{L}\p{M}\p{N}]/u;
const validTopLevel = /^(?:[\p{L}\p{M}]{2,63}|xn--[a-z0-9-]{1,59})$/iu;
const leadingLetters = /^[\p{L}\p{M}]{2,63}(?=[-\d])/u;
/** File and unit names such as `icon@2x.png` and `getty@tty1.service` are no addresses. */
const fileSuffix =
  /^(?:png|jpe?g|gif|svg|webp|avif|[cm]?js|tsx?|jsx|s?css|json|ya?ml|html?|service|socket|timer|target|mount)$/i;

/** Latin letters with diacritics: part of a word even when the rest of the address is ASCII. */
function isLatinLetter(code: number): boolean {
  return code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7;
}

function isWordCharacter(text: string, index: number, ascii: Uint8Array, wide: boolean): boolean {
  const code = text.charCodeAt(index);
  if (code < 128) return isIn(ascii, code);
  if (isLatinLetter(code)) return true;
  return wide && (code >= 0xd800 && code <= 0xdfff ? true : letterOrDigit.test(text[index] ?? ""));
}

function localStart(text: string, at: number, floor: number): number {
  const wide = at > 0 && text.charCodeAt(at - 1) >= 128;
  let start = at;
  const limit = Math.max(floor, at - maximumLocalLength);
  while (start > limit && isWordCharacter(text, start - 1, localCharacter, wide)) start--;
  start += leadingEscapeLength(text, start, at);
  while (start < at && (text[start] === "." || text[start] === "'")) start++;
  return start;
}

/** The `n` of `\njohn@…` belongs to the escape, the `3D` of `%3Djohn@…` likewise. */
function leadingEscapeLength(text: string, start: number, at: number): number {
  let end = start;
  for (let length = 1; length <= 5 && start + length <= at; length++) {
    const escaped = escapeLengthBefore(text, start + length);
    if (escaped === length + 1 || (escaped === length && text.charCodeAt(start) === 37)) {
      end = start + length;
      break;
    }
  }
  return end - start;
}

function domainEnd(text: string, from: number): number {
  const wide = text.charCodeAt(from) >= 128;
  const limit = Math.min(text.length, from + maximumDomainLength);
  let end = from;
  while (end < limit && isWordCharacter(text, end, domainCharacter, wide)) end++;
  while (end > from && (text[end - 1] === "." || text[end - 1] === "-")) end--;
  return end;
}

/** The end of the domain that begins at `from`, or -1 when no address continues there. */
function addressEnd(text: string, from: number): number {
  let domain = text.slice(from, domainEnd(text, from));
  for (;;) {
    const dot = domain.lastIndexOf(".");
    if (dot < 1) return -1;
    const label = domain.slice(dot + 1);
    if (validTopLevel.test(label)) {
      const isFile = fileSuffix.test(label) && (/^[1-4]x\./.test(domain) || dot < 8);
      return isFile ? -1 : from + domain.length;
    }
    // `ada@example.com-2024`: something else goes on behind the address.
    const letters = leadingLetters.exec(label)?.[0].length ?? 0;
    if (letters > 0 && /[^\d.]/.test(domain.slice(0, dot))) return from + dot + 1 + letters;
    domain = domain.slice(0, dot);
  }
}

function isKnownService(text: string, start: number, at: number): boolean {
  return at - start === 3 && text.startsWith("git", start);
}

function scanAnchor(text: string, matches: MatchList, rule: number, anchor: string): void {
  const credentials = matches.ends.length;
  let credential = 0;
  let floor = 0;
  let at = text.indexOf(anchor);
  while (at !== -1) {
    const from = at + anchor.length;
    // URL credentials were scanned before and lie in order: the same `@` is not an address too.
    while (credential < credentials && (matches.ends[credential] ?? 0) < at) credential++;
    const taken = credential < credentials && matches.ends[credential] === at;
    const start = taken ? at : localStart(text, at, floor);
    const end = start < at && !isKnownService(text, start, at) ? addressEnd(text, from) : -1;
    if (end !== -1) addMatch(matches, start, end, rule);
    floor = end === -1 ? from : end;
    at = text.indexOf(anchor, from);
  }
}

/**
 * Addresses found from their `@` outwards, so that text without `@` costs one native search.
 * Local part and domain may be international (RFC 6531); `%40` of URLs counts as `@`.
 */
export function createEmailScanner(rule: number): Scanner {
  return {
    needs: hasAt | hasEscape,
    minimumLength: 6,
    scan(text, matches) {
      scanAnchor(text, matches, rule, "@");
      scanAnchor(text, matches, rule, "%40");
    },
  };
}
