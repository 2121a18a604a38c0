import type { MatchList } from "../detection/match-list.ts";
import type { ActiveRule } from "./active-rule.ts";
import { type MatchRange, mergeRanges } from "./merge-ranges.ts";
import { hashLabel, mask } from "./replacement.ts";
import { isOpenSeam } from "./seams.ts";

/** What rendering needs beside the text and its matches. */
export interface RenderSettings {
  readonly rules: readonly ActiveRule[];
  /** Finds the labels that earlier redaction left; global. */
  readonly labelPattern: RegExp;
  readonly hash: ((text: string) => string) | undefined;
  /** Told once per replaced range. */
  readonly count: (rule: number) => void;
}

/** A text with its matches replaced. */
export interface Rendered {
  readonly text: string;
  /** Whether something next to a replacement could only now be a match of its own. */
  readonly openSeam: boolean;
}

/**
 * Replaces the matched ranges of a text. Overlapping ranges are replaced as one, so that no rest
 * of a secret stays; the rule that comes first in the catalogue names it.
 */
export function render(text: string, matches: MatchList, settings: RenderSettings): Rendered {
  return renderRanges(text, mergeRanges(text, matches, settings.labelPattern), settings, 0);
}

/** Replaces ranges that are in order and disjoint, from `offset` on. */
export function renderRanges(
  text: string,
  ranges: readonly MatchRange[],
  settings: RenderSettings,
  offset: number,
): Rendered {
  if (ranges.length === 0)
    return { text: offset === 0 ? text : text.slice(offset), openSeam: false };
  let output = "";
  let from = offset;
  let openSeam = false;
  for (const { start, end, rule, joined } of ranges) {
    output += text.slice(from, start) + replacementFor(text, start, end, rule, settings);
    settings.count(rule);
    openSeam ||= joined || isOpenSeam(text, start, end);
    from = end;
  }
  return { text: output + text.slice(from), openSeam };
}

function replacementFor(
  text: string,
  start: number,
  end: number,
  rule: number,
  settings: RenderSettings,
): string {
  const active = settings.rules[rule];
  if (active === undefined) return "[REDACTED]";
  const { label, style, quote } = active;
  if (style === "label") return quote === "" ? label : quote + label + quote;
  const secret = text.slice(start, end);
  const replacement =
    style === "hash" && settings.hash !== undefined
      ? hashLabel(label, settings.hash(secret))
      : mask(secret);
  return quote + replacement + quote;
}
