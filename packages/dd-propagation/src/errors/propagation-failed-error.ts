import { PropagationError } from "./propagation-error.ts";

/** A carrier could not be read or written; the operation went on without it. */
export class PropagationFailedError extends PropagationError {
  /** Whether the carrier was being read or written. */
  readonly operation: "extract" | "inject";

  constructor(operation: "extract" | "inject", message: string, cause?: unknown) {
    super("PropagationFailedError", "PROPAGATION_FAILED", message, cause);
    this.operation = operation;
  }
}
