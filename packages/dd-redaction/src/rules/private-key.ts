import { hasJoiner } from "../detection/character-features.ts";
import { addMatch } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";

/** Two letters in the class: V8 then skips to it faster than to a single letter. */
const opening = /[BN](?=EGIN )/g;
const dashes = "-----";
const openingLine = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----/y;
const closingLine = /-----END (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----/y;
/** Base64, headers such as `Proc-Type`, and line ends as characters or as escapes. */
const blockBody = /[A-Za-z0-9+/=\s\\:,.()]*/y;

/**
 * PEM and OpenPGP private keys (RFC 7468), also with `\n` escapes and also when the end was cut
 * off. Linear: the next search begins where the block was seen to end.
 */
export function createPrivateKeyScanner(rule: number): Scanner {
  return {
    needs: hasJoiner,
    minimumLength: 28,
    scan(text, matches) {
      opening.lastIndex = 0;
      while (opening.test(text)) {
        const start = opening.lastIndex - 1 - dashes.length;
        if (start < 0) continue;
        openingLine.lastIndex = start;
        if (!openingLine.test(text)) continue;
        const end = blockEnd(text, openingLine.lastIndex);
        addMatch(matches, start, end, rule);
        opening.lastIndex = end;
      }
    },
  };
}

function blockEnd(text: string, from: number): number {
  let end = from;
  for (;;) {
    blockBody.lastIndex = end;
    blockBody.test(text);
    end = blockBody.lastIndex;
    closingLine.lastIndex = end;
    if (closingLine.test(text)) return closingLine.lastIndex;
    // A dash of a header (`Proc-Type`, `AES-256-CBC`) is part of the block, a rule is not.
    if (text.charCodeAt(end) !== 45 || text.startsWith("--", end)) return end;
    end++;
  }
}
