const marker = Symbol.for("@llmdevops/dd-core/error");

/** What every error of this family is built from. */
export interface DatadogAPMErrorOptions {
  /** The error or value that led to this one. */
  readonly cause?: unknown;
}

/**
 * The base of every error that these packages create.
 *
 * Identity survives several copies of the package in one process: use {@link DatadogAPMError.isInstance}
 * rather than `instanceof`.
 *
 * @example
 * ```ts
 * import { createTracing, DatadogAPMError } from "@llmdevops/dd-core";
 *
 * createTracing({
 *   service: "checkout",
 *   onError: (error) => {
 *     if (DatadogAPMError.isInstance(error)) process.stderr.write(`${error.code}: ${error.message}\n`);
 *   },
 * });
 * ```
 */
export class DatadogAPMError extends Error {
  /** A stable, documented identifier, for example `AGENT_UNREACHABLE`. */
  readonly code: string;
  /** Whether the same operation may succeed when it is tried again. */
  readonly retryable: boolean;

  /**
   * Makes an error of the family; each subclass gives its own name, code and whether it may be tried again.
   *
   * @param name The class name, for people.
   * @param code The stable identifier, for programs.
   * @param retryable Whether the same operation may succeed when it is tried again.
   * @param message What happened, without anything sensitive.
   */
  constructor(
    name: string,
    code: string,
    retryable: boolean,
    message: string,
    options?: DatadogAPMErrorOptions,
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.code = code;
    this.retryable = retryable;
    Object.defineProperty(this, marker, { value: true });
  }

  /**
   * Tells whether a value is an error of this family, also when another copy of the package made it. Called on a
   * group, for example `ConfigurationError.isInstance(error)`, it tells whether the error belongs to that group.
   */
  static isInstance(value: unknown): value is DatadogAPMError {
    return isFamilyError(value);
  }
}

/** Whether a value bears the family's mark and, where codes are given, one of them. Never throws. */
export function isFamilyError(value: unknown, codes?: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    if (Reflect.get(value, marker) !== true) return false;
    return codes === undefined || codes.includes(Reflect.get(value, "code"));
  } catch {
    return false;
  }
}
