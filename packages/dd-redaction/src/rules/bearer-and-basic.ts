import { hasSpace } from "../detection/character-features.ts";
import { isTokenStart } from "../detection/characters.ts";
import { addMatch } from "../detection/match-list.ts";
import type { WordAnchor } from "./word-scanner.ts";

const bearerToken = /earer[ \t]{1,4}([\w~+/.-]{8,}={0,2})/iy;
const basicToken = /asic[ \t]{1,4}([A-Za-z0-9+/]{6,}={0,2})(?![\w=])/iy;
/** Base64 of a user name this long is decoded to look for the colon. */
const maximumBasicLength = 512;

/** Rule indexes; a negative index means off. */
export interface AuthorizationRules {
  readonly bearer: number;
  readonly basic: number;
}

/** Prose continues with a word ("bearer certificates"); a token mixes letters and digits. */
function isBearerToken(token: string): boolean {
  if (/\d/.test(token)) return true;
  return token.length >= 16 && /[a-z]/.test(token) && /[A-Z]/.test(token.slice(1));
}

/** RFC 7617: base64 of `user:password`. */
function isBasicCredentials(token: string): boolean {
  // The end may be missing where a text was cut; the colon stands near the front.
  const front = token.replace(/=+$/, "").slice(0, maximumBasicLength);
  try {
    return /^[^\p{Cc}:]*:/u.test(atob(front.slice(0, front.length - (front.length % 4))));
  } catch {
    return false;
  }
}

/**
 * `Bearer <token>` (RFC 6750) and `Basic <base64 of user:password>` (RFC 7617): the scheme stays,
 * the credentials go.
 */
export function authorizationAnchor({ bearer, basic }: AuthorizationRules): WordAnchor {
  return {
    letters: "Bb",
    ahead: "(?:earer|EARER|asic|ASIC)[ \\t]",
    needs: hasSpace,
    match(text, at, matches) {
      const isBearer = /[eE]/.test(text[at + 1] ?? "");
      const rule = isBearer ? bearer : basic;
      const pattern = isBearer ? bearerToken : basicToken;
      pattern.lastIndex = at + 1;
      const token = rule >= 0 && isTokenStart(text, at) ? pattern.exec(text)?.[1] : undefined;
      if (token === undefined) return -1;
      const end = pattern.lastIndex;
      if (isBearer ? isBearerToken(token) : isBasicCredentials(token)) {
        // A full stop behind the token ends the sentence.
        const stops = token.length - token.replace(/\.+$/, "").length;
        addMatch(matches, end - token.length, end - stops, rule);
      }
      // Not the end: the block of a private key may begin within what looks like the token.
      return at + 1;
    },
  };
}
