import { PropagationError } from "./propagation-error.ts";

/** A carrier could not be read or written; the operation went on without it. */
export class PropagationFailedError extends PropagationError {
  /** Whether the carrier was being read or written. */
  readonly operation: "extract" | "inject";

  /** Takes what was being done, what happened, and the error that led to it. */
  constructor(operation: "extract" | "inject", message: string, cause?: unknown) {
    super("PropagationFailedError", "PROPAGATION_FAILED", message, cause);
    this.operation = operation;
  }
}
