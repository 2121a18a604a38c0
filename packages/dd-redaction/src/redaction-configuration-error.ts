/** Thrown by `createRedactor` and its relatives for options that cannot be right. */
export class RedactionConfigurationError extends Error {
  /** Class name as it stands in stacks and logs; use `code` to tell errors apart. */
  override readonly name = "RedactionConfigurationError";
  /** Stable identifier. */
  readonly code = "ERR_REDACTION_CONFIGURATION";
}
