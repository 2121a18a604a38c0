/** Longer texts are compared by their beginning. */
const comparedLength = 80;

/** The candidate that is most like a text, unless none is like it at all. */
export function nearestText(text: string, candidates: Iterable<string>): string | undefined {
  const wanted = text.slice(0, comparedLength).toLowerCase();
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of new Set(candidates)) {
    const compared = candidate.slice(0, comparedLength).toLowerCase();
    const distance = editDistance(wanted, compared);
    const isLike = distance <= Math.max(wanted.length, compared.length) * 0.6;
    if (isLike && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Levenshtein's distance, in one row. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
