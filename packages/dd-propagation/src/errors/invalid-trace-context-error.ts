import { PropagationError } from "./propagation-error.ts";

/**
 * Why a header, or a part of it, was not used.
 *
 * - `malformed`: breaks the grammar of its format
 * - `too_long`: longer than its limit
 * - `too_many`: more members than its limit
 * - `all_zero`: an identifier that means "none"
 * - `conflict`: contradicts another header that has precedence
 * - `unsupported`: a value this format does not define
 */
export type InvalidReason =
  | "malformed"
  | "too_long"
  | "too_many"
  | "all_zero"
  | "conflict"
  | "unsupported";

/** A propagated header was invalid as a whole or in part; what was valid is used, the rest is not. */
export class InvalidTraceContextError extends PropagationError {
  /** The header the fault is in, lower case. */
  readonly header: string;
  /** Why it, or a part of it, was not used. */
  readonly reason: InvalidReason;

  /** Takes the header that the fault is in, and what is wrong with it. */
  constructor(header: string, reason: InvalidReason) {
    super(
      "InvalidTraceContextError",
      "INVALID_TRACE_CONTEXT",
      `The header ${header} was not used in full: ${reason}`,
    );
    this.header = header;
    this.reason = reason;
  }
}
