import type { Diagnostics } from "../diagnostics/diagnostics.ts";

/** The last millisecond whose nanoseconds the Agent can hold in 63 bits (in the year 2262). */
const latestTime = 9_223_372_036_854;

/**
 * A time that can be sent (ms since the epoch).
 *
 * dd-trace computes with whatever it is given, and the Agent refuses the whole payload for a time that is no number
 * or beyond its range.
 *
 * @returns `undefined`, which means now, for anything else; that is counted.
 */
export function validTime(time: unknown, diagnostics: Diagnostics): number | undefined {
  if (time === undefined) return undefined;
  if (typeof time === "number" && time > 0 && time <= latestTime) return time;
  diagnostics.count("invalid_time");
  return undefined;
}
