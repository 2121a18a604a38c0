import type { RedactionTarget } from "../target.ts";
import type { ReplacementStyle } from "./replacement.ts";

/** A rule that is on, with everything settled that options left open. */
export interface ActiveRule {
  readonly name: string;
  readonly label: string;
  readonly style: ReplacementStyle;
  readonly targets: readonly RedactionTarget[];
  /** Put around the replacement, where it must bring its own quotes. */
  readonly quote: string;
}
