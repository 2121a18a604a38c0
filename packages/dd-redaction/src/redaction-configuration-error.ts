/** Thrown by `createRedactor` and its relatives for options that cannot be right. */
export class RedactionConfigurationError extends Error {
  override readonly name = "RedactionConfigurationError";
  /** Stable identifier. */
  readonly code = "ERR_REDACTION_CONFIGURATION";
}
