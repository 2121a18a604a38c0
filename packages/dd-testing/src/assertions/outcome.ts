import { AssertionError } from "node:assert";

/** What an assertion found; the message says why it does not hold, or, for its negation, that it does. */
export interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Turns an outcome into an exception.
 *
 * @throws AssertionError with the outcome's message, unless it holds.
 */
export function requireOutcome(
  outcome: Outcome,
  caller: (...parameters: never[]) => unknown,
): void {
  if (!outcome.pass) throw new AssertionError({ message: outcome.message(), stackStartFn: caller });
}
