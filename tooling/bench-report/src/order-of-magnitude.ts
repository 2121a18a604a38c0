/** A ratio that has changed since it was recorded. */
export interface Change {
  readonly name: string;
  readonly recorded: number;
  readonly now: number;
}

/**
 * Whether a ratio has become worse by more than noise explains. On shared cores the same code has been seen to differ
 * by a factor of two between runs, so only a factor of five counts: another algorithm, a cache that no longer hits, a
 * lost aggregation.
 */
export function isWorseByAnOrder({ recorded, now }: Change, isMoreBetter: boolean): boolean {
  const factor = isMoreBetter ? recorded / now : now / recorded;
  return factor > 5;
}
