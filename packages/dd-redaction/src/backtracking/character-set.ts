/** A set of code points as sorted, disjoint, inclusive ranges. */
export type CharacterSet = readonly (readonly [first: number, last: number])[];

const highest = 0x10ffff;

/** Every code point. */
export const anyCharacter: CharacterSet = [[0, highest]];

/** A set of ranges in any order. */
export function characterSet(ranges: CharacterSet): CharacterSet {
  const sorted = [...ranges].sort((left, right) => left[0] - right[0]);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) {
      previous[1] = Math.max(previous[1], last);
    } else {
      merged.push([first, last]);
    }
  }
  return merged;
}

/** Every code point that is not in a set. */
export function complement(set: CharacterSet): CharacterSet {
  const ranges: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) ranges.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= highest) ranges.push([next, highest]);
  return ranges;
}

/** Code points in both sets. */
export function intersection(left: CharacterSet, right: CharacterSet): CharacterSet {
  const ranges: [number, number][] = [];
  for (const [first, last] of left) {
    for (const [otherFirst, otherLast] of right) {
      const from = Math.max(first, otherFirst);
      const to = Math.min(last, otherLast);
      if (from <= to) ranges.push([from, to]);
    }
  }
  return ranges;
}

/** Adds the other case of ASCII letters, and all of Latin beyond ASCII when any of it is there. */
export function ignoringCase(set: CharacterSet): CharacterSet {
  const ranges: [number, number][] = set.map(([first, last]) => [first, last]);
  for (const [letters, distance] of [
    [[[65, 90]], 32],
    [[[97, 122]], -32],
  ] as const) {
    for (const [first, last] of intersection(set, letters)) {
      ranges.push([first + distance, last + distance]);
    }
  }
  const wide = intersection(set, [[128, highest]]);
  if (wide.length > 0) ranges.push([128, highest]);
  return characterSet(ranges);
}
