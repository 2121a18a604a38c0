import type { ReplacementStyle } from "../engine/replacement.ts";
import type { RedactionTarget } from "../target.ts";

/** A range of a text, end exclusive, in UTF-16 code units. */
export interface TextRange {
  /** Index of the first code unit, from 0. */
  readonly start: number;
  /** Index after the last code unit. */
  readonly end: number;
}

/** A rule of your own: exactly one of `pattern`, `find` and `words`. */
export interface CustomRule {
  /** Name in reports; lower-case letters, digits and `_`, not the name of a built-in rule. */
  readonly name: string;
  /**
   * What to replace. Refused when it could backtrack catastrophically: bound the repetitions
   * (`{1,64}`) or make neighbours exclude each other.
   */
  readonly pattern?: RegExp;
  /** Returns the ranges to replace. Called with every text; must not be slow. */
  readonly find?: (text: string) => Iterable<TextRange>;
  /** Words to replace, whole words only, in any case. */
  readonly words?: readonly string[];
  /** What takes the place of a match. @default the redactor's `replacement` */
  readonly replacement?: ReplacementStyle;
  /** Text of the label, in square brackets. @default `[NAME_REDACTED]` */
  readonly label?: string;
  /** Where the rule applies. @default everywhere */
  readonly targets?: readonly RedactionTarget[];
}
