import type { Diagnostics } from "../diagnostics/diagnostics.ts";

/**
 * A time that can be sent (ms since the epoch).
 *
 * dd-trace computes with whatever it is given, and the Agent refuses the whole payload for a time that is no number.
 *
 * @returns `undefined`, which means now, for anything else; that is counted.
 */
export function validTime(time: unknown, diagnostics: Diagnostics): number | undefined {
  if (time === undefined) return undefined;
  if (typeof time === "number" && Number.isFinite(time) && time > 0) return time;
  diagnostics.count("invalid_time");
  return undefined;
}
