import { PropagationError } from "./propagation-error.ts";

/** An option is wrong; thrown only by {@link createPropagator}. */
export class ConfigurationError extends PropagationError {
  /** Takes what is wrong, and how to put it right. */
  constructor(message: string) {
    super("ConfigurationError", "CONFIGURATION", message);
  }
}
