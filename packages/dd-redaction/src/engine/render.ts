import type { MatchList } from "../detection/match-list.ts";
import type { ActiveRule } from "./active-rule.ts";
import { hashLabel, mask } from "./replacement.ts";

/** What rendering needs beside the text and its matches. */
export interface RenderSettings {
  readonly rules: readonly ActiveRule[];
  /** Finds the labels that earlier redaction left; global. */
  readonly labelPattern: RegExp;
  readonly hash: ((text: string) => string) | undefined;
  /** Told once per replaced range. */
  readonly count: (rule: number) => void;
}

interface Range {
  start: number;
  end: number;
  rule: number;
}

/**
 * Replaces the matched ranges of a text. Overlapping ranges are replaced as one, so that no rest
 * of a secret stays; the rule that comes first in the catalogue names it.
 */
export function render(text: string, matches: MatchList, settings: RenderSettings): string {
  const ranges = mergeRanges(text, matches, settings.labelPattern);
  if (ranges.length === 0) return text;
  let output = "";
  let from = 0;
  for (const { start, end, rule } of ranges) {
    const replacement = replacementFor(text.slice(start, end), rule, settings);
    settings.count(rule);
    output += text.slice(from, start) + replacement;
    from = end;
  }
  return output + text.slice(from);
}

function replacementFor(secret: string, rule: number, settings: RenderSettings): string {
  const active = settings.rules[rule];
  if (active === undefined) return "[REDACTED]";
  const { label, style, quote } = active;
  if (style === "mask") return quote + mask(secret) + quote;
  if (style === "hash" && settings.hash !== undefined) {
    return quote + hashLabel(label, settings.hash(secret)) + quote;
  }
  return quote + label + quote;
}

/** Ranges in order, disjoint, without those that only cover an earlier label. */
export function mergeRanges(text: string, matches: MatchList, labelPattern: RegExp): Range[] {
  const { starts, ends, rules } = matches;
  const ranges: Range[] = starts
    .map((start, index) => ({ start, end: ends[index] ?? start, rule: rules[index] ?? 0 }))
    .sort((left, right) => left.start - right.start || right.end - left.end);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range.start < last.end) {
      if (range.end > last.end) last.end = range.end;
      if (range.rule < last.rule) last.rule = range.rule;
    } else {
      merged.push(range);
    }
  }
  return text.includes("[") ? outsideLabels(text, merged, labelPattern) : merged;
}

/** Drops ranges inside labels and widens those that cut one. */
function outsideLabels(text: string, ranges: readonly Range[], labelPattern: RegExp): Range[] {
  const kept: Range[] = [];
  let next = 0;
  let pending: Range | undefined = ranges[0];
  labelPattern.lastIndex = 0;
  for (let label = labelPattern.exec(text); label && pending; label = labelPattern.exec(text)) {
    const start = label.index;
    const end = start + label[0].length;
    while (pending !== undefined && pending.end <= start) {
      kept.push(pending);
      pending = ranges[++next];
    }
    while (pending !== undefined && pending.start < end) {
      const inside: boolean = pending.start >= start && pending.end <= end;
      if (inside) {
        pending = ranges[++next];
      } else {
        pending.start = Math.min(pending.start, start);
        if (pending.end > end) break;
        pending.end = end;
        kept.push(pending);
        pending = ranges[++next];
      }
    }
  }
  while (pending !== undefined) {
    kept.push(pending);
    pending = ranges[++next];
  }
  return kept;
}
