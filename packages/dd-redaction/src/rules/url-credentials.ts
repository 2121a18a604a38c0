import { hasPairSign } from "../detection/character-features.ts";
import { asciiTable, isIn } from "../detection/characters.ts";
import { labelShape } from "../detection/label-shape.ts";
import { addMatch } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";

/** Longest user information that is looked for; the look-back of a stream is longer. */
const maximumLength = 400;
/** A user name without password is only taken for a token from this length on. */
const minimumTokenLength = 20;

const authorityEnd = asciiTable(/[\s"'`<>\\]/);

/** The last `@` of the authority that begins at `from`, or -1. */
function userInformationEnd(text: string, from: number): number {
  const limit = Math.min(text.length, from + maximumLength);
  let at = -1;
  let slash = false;
  for (let index = from; index < limit; index++) {
    const code = text.charCodeAt(index);
    if (isIn(authorityEnd, code)) break;
    if (code === 47 || code === 63 || code === 35) slash = true;
    if (code === 64) {
      at = index;
      if (slash) break;
    }
    if (code === 58 && text.startsWith("//", index + 1)) break;
  }
  return at;
}

/**
 * Whether the text before an `@` is a user and a password. A `/` is only allowed after the colon
 * of the password, otherwise `https://host:8080/users/@me` would look like one.
 */
function isUserInformation(text: string, from: number, at: number): boolean {
  const information = text.slice(from, at);
  // Something in it was replaced already.
  if (information.includes("********") || labelShape.test(information)) return false;
  const colon = information.indexOf(":");
  const slash = information.search(/[/?#]/);
  if (colon === -1) return slash === -1 && information.length >= minimumTokenLength;
  if (slash === -1) return colon + 1 < information.length;
  return colon < slash && !/^\d{0,5}[/?#]/.test(information.slice(colon + 1));
}

/** `scheme://user:password@host`: the user information goes, scheme and host stay. */
export function createUrlCredentialsScanner(rule: number): Scanner {
  return {
    needs: hasPairSign,
    minimumLength: 8,
    scan(text, matches) {
      if (text.indexOf("@") === -1) return;
      let scheme = text.indexOf("://");
      while (scheme !== -1) {
        const from = scheme + 3;
        const at = userInformationEnd(text, from);
        if (at > from && isUserInformation(text, from, at)) {
          addMatch(matches, from, at, rule);
        }
        scheme = text.indexOf("://", Math.max(from, at));
      }
    },
  };
}
