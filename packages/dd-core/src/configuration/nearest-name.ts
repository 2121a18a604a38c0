/** A name that can be suggested, and the spellings that are compared. */
export interface NameCandidate {
  readonly name: string;
  readonly spellings: readonly string[];
}

const comparedLength = 60;

/**
 * Finds the name that was probably meant.
 *
 * @param likeness Most of a name that may differ, from 0 to 1.
 * @returns `undefined` where none is like it.
 */
export function nearestName(
  wanted: string,
  candidates: readonly NameCandidate[],
  likeness: number,
): string | undefined {
  const text = compared(wanted);
  let best: string | undefined;
  let least = likeness;
  for (const { name, spellings } of candidates) {
    for (const spelling of spellings.map(compared)) {
      const longest = Math.max(text.length, spelling.length, 1);
      // No two texts are nearer than their lengths are, which spares most of the comparisons.
      if (Math.abs(text.length - spelling.length) / longest > least) continue;
      const difference = editDistance(text, spelling) / longest;
      if (difference > least || (difference === least && best !== undefined)) continue;
      best = name;
      least = difference;
    }
  }
  return best;
}

/** Case and punctuation are no difference. */
function compared(name: string): string {
  return name
    .slice(0, comparedLength)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");
}

/** Levenshtein's distance, a row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [line, character] of [...left].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (character === right[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
