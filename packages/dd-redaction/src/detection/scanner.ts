import type { MatchList } from "./match-list.ts";

/**
 * Finds the matches of one or several rules in one pass. A scanner must be linear in the length
 * of the text, must not throw, and must not keep state between calls.
 */
export interface Scanner {
  /** Bits of `character-features.ts`; a short text without any of them is not scanned. */
  readonly needs: number;
  /** Length in UTF-16 code units of the shortest text that can hold a match. */
  readonly minimumLength: number;
  /** Whether it may find something in a text that is a UUID and nothing else. @default false */
  readonly readsUuids?: boolean;
  scan(text: string, matches: MatchList): void;
}

/** Tells which index a rule has in this run; a negative number means that the rule is off. */
export type RuleIndex = (name: string) => number;
