import { addMatch } from "../detection/match-list.ts";
import type { Scanner } from "../detection/scanner.ts";

/** A rule that one regular expression describes. */
export interface PatternRule {
  readonly name: string;
  /**
   * Global and linear: every repetition is bounded or excluded by what follows. With a capture, the
   * first one that took part is the match and has to end where the pattern ends.
   */
  readonly pattern: RegExp;
  /** Bits of `character-features.ts`. */
  readonly needs: number;
  /** Checks what a pattern cannot, for example a check digit. */
  readonly accept?: (found: string) => boolean;
}

/** Runs one pattern. */
export function createPatternScanner(rule: number, definition: PatternRule): Scanner {
  const { needs, accept } = definition;
  const pattern = new RegExp(definition.pattern.source, definition.pattern.flags);
  return {
    needs,
    minimumLength: 5,
    scan(text, matches) {
      pattern.lastIndex = 0;
      for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
        const end = pattern.lastIndex;
        const value = found.slice(1).find((group) => group !== undefined) ?? found[0];
        if (accept === undefined || accept(value)) addMatch(matches, end - value.length, end, rule);
      }
    },
  };
}
