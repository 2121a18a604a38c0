// The mark by which dd-core recognises the errors of the whole family, also across package copies.
const marker = Symbol.for("@llmdevops/dd-core/error");

/** The base of the errors of this package. */
export class PropagationError extends Error {
  /** A stable, documented identifier. */
  readonly code: string;
  /** Always `false`: the same input fails again. */
  readonly retryable: boolean = false;

  /** Makes an error of the group; each subclass gives its own name and code. */
  constructor(name: string, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }
}
