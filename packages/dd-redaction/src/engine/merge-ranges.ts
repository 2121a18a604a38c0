import type { MatchList } from "../detection/match-list.ts";

/** A range to replace, end exclusive. */
export interface MatchRange {
  start: number;
  end: number;
  rule: number;
  /** Made of matches that end at different places: what is left of one may now match anew. */
  joined: boolean;
}

/** Ranges in order and disjoint, without those that only cover an earlier label. */
export function mergeRanges(text: string, matches: MatchList, labelPattern: RegExp): MatchRange[] {
  const { starts, ends, rules } = matches;
  const ranges: MatchRange[] = [];
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index] ?? 0;
    ranges.push({ start, end: ends[index] ?? start, rule: rules[index] ?? 0, joined: false });
  }
  ranges.sort((left, right) => left.start - right.start || right.end - left.end);
  const merged: MatchRange[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range.start < last.end) {
      last.joined ||= last.end !== range.end;
      last.end = Math.max(last.end, range.end);
      last.rule = Math.min(last.rule, range.rule);
    } else {
      merged.push(range);
    }
  }
  return merged.length > 0 && text.includes("[")
    ? outsideLabels(text, merged, labelPattern)
    : merged;
}

/** Drops ranges inside labels and widens those that cut one. */
function outsideLabels(
  text: string,
  ranges: readonly MatchRange[],
  labelPattern: RegExp,
): MatchRange[] {
  const labels: MatchRange[] = [];
  for (const found of text.matchAll(labelPattern)) {
    labels.push({
      start: found.index,
      end: found.index + found[0].length,
      rule: -1,
      joined: false,
    });
  }
  if (labels.length === 0) return [...ranges];
  const kept: MatchRange[] = [];
  let next = 0;
  for (const range of ranges) {
    while (next < labels.length && (labels[next]?.end ?? 0) <= range.start) next++;
    let inside = false;
    for (let index = next; index < labels.length; index++) {
      const label = labels[index];
      if (label === undefined || label.start >= range.end) break;
      if (label.start <= range.start && label.end >= range.end) inside = true;
      range.start = Math.min(range.start, label.start);
      range.end = Math.max(range.end, label.end);
    }
    if (inside) continue;
    const last = kept.at(-1);
    if (last !== undefined && range.start < last.end) last.end = Math.max(last.end, range.end);
    else kept.push(range);
  }
  return kept;
}
