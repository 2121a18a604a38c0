/** How a stream came to its end. */
export type StreamOutcome = "completed" | "cancelled" | "aborted" | "failed";

const bySeverity: readonly StreamOutcome[] = ["completed", "cancelled", "aborted", "failed"];

/** The graver of two outcomes: with several streams in one call, the call came out as its worst. */
export function graver(first: StreamOutcome | undefined, second: StreamOutcome): StreamOutcome {
  if (first === undefined) return second;
  return bySeverity.indexOf(first) > bySeverity.indexOf(second) ? first : second;
}
