/** Where a mock client reads the time of spans and events. */
export interface Clock {
  /** The time of day (ms since the Unix epoch). */
  now(): number;
}

/** A clock that stands still until it is told to go on. */
export interface TestClock extends Clock {
  /** Lets time pass. @param ms How much, at least 0 */
  advance(ms: number): void;
}

/**
 * Creates a clock that a test moves by hand.
 *
 * @param start Where it begins (ms since the Unix epoch). @default 1_700_000_000_000
 * @throws RangeError for a start that is not positive.
 * @example
 * ```ts
 * import { createMockClient, createTestClock } from "@llmdevops/dd-testing";
 *
 * const clock = createTestClock();
 * const client = createMockClient({ clock });
 * client.trace("order.load", () => clock.advance(250));
 * client.getSpanByName("order.load")?.durationMs; // 250
 * ```
 */
export function createTestClock(start = 1_700_000_000_000): TestClock {
  if (!(Number.isFinite(start) && start > 0)) {
    throw new RangeError("createTestClock: start must be a positive number of milliseconds");
  }
  let time = start;
  return {
    now: () => time,
    advance(ms) {
      if (!(Number.isFinite(ms) && ms >= 0)) {
        throw new RangeError("advance: a clock goes on by a number of milliseconds from 0");
      }
      time += ms;
    },
  };
}
