import type { CharacterSet } from "./character-set.ts";

/** A regular expression as a tree; what does not matter for ambiguity is left out. */
export type PatternNode =
  | { readonly kind: "characters"; readonly set: CharacterSet }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  | {
      readonly kind: "repeat";
      readonly body: PatternNode;
      readonly minimum: number;
      readonly maximum: number;
    }
  | {
      readonly kind: "look";
      readonly body: PatternNode;
      readonly behind: boolean;
      readonly negative: boolean;
    }
  /** `^` and `$`, and `\b`, which is a guard like a look behind. */
  | { readonly kind: "boundary"; readonly word: boolean };

/** The pattern uses something whose time cannot be judged. */
export class UnsupportedPatternError extends Error {
  override readonly name = "UnsupportedPatternError";
}
