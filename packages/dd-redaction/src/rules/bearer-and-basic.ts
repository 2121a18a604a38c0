import { hasSpace } from "../detection/character-features.ts";
import { isTokenStart } from "../detection/characters.ts";
import { addMatch } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";

const bearerPattern = /(?:[Bb]earer|BEARER)[ \t]{1,4}/g;
const bearerToken = /[\w~+/.-]{8,}={0,2}/y;
const basicPattern = /(?:[Bb]asic|BASIC)[ \t]{1,4}/g;
const basicToken = /[A-Za-z0-9+/]{6,}={0,2}(?![\w=])/y;
const maximumBasicLength = 4096;

/** Prose continues with a word ("bearer certificates"); a token mixes letters and digits. */
function isBearerToken(token: string): boolean {
  if (/\d/.test(token)) return true;
  return token.length >= 16 && /[a-z]/.test(token) && /[A-Z]/.test(token.slice(1));
}

/** RFC 7617: base64 of `user:password`. */
function isBasicCredentials(token: string): boolean {
  if (token.length > maximumBasicLength) return true;
  try {
    return /^[^\p{Cc}:]*:/u.test(atob(token));
  } catch {
    return false;
  }
}

function scheme(
  rule: number,
  pattern: RegExp,
  body: RegExp,
  isCredential: (token: string) => boolean,
): Scanner {
  return {
    needs: hasSpace,
    minimumLength: 12,
    scan(text, matches) {
      pattern.lastIndex = 0;
      while (pattern.test(text)) {
        const from = pattern.lastIndex;
        body.lastIndex = from;
        if (!body.test(text)) continue;
        let start = from;
        while (start > 0 && /\s/.test(text[start - 1] ?? "")) start--;
        start -= 5;
        if (pattern === bearerPattern) start--;
        const token = text.slice(from, body.lastIndex);
        if (!isTokenStart(text, start) || !isCredential(token)) continue;
        const end = body.lastIndex - (/[.]+$/.exec(token)?.[0].length ?? 0);
        addMatch(matches, from, end, rule);
        pattern.lastIndex = body.lastIndex;
      }
    },
  };
}

/** `Bearer <token>` (RFC 6750); the scheme stays, the token goes. */
export function createBearerScanner(rule: number): Scanner {
  return scheme(rule, bearerPattern, bearerToken, isBearerToken);
}

/** `Basic <base64 of user:password>` (RFC 7617); the scheme stays, the credentials go. */
export function createBasicScanner(rule: number): Scanner {
  return scheme(rule, basicPattern, basicToken, isBasicCredentials);
}
