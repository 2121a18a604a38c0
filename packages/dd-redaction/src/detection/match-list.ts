/**
 * Matches of one text as flat number columns, so that a scan allocates nothing per match.
 */
export interface MatchList {
  readonly starts: number[];
  readonly ends: number[];
  readonly rules: number[];
}

/** Creates an empty list. */
export function createMatchList(): MatchList {
  return { starts: [], ends: [], rules: [] };
}

/** Records that `rule` covers the half-open range from `start` to `end`. */
export function addMatch(matches: MatchList, start: number, end: number, rule: number): void {
  matches.starts.push(start);
  matches.ends.push(end);
  matches.rules.push(rule);
}
