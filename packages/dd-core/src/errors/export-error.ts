import {
  DatadogAPMError,
  type DatadogAPMErrorOptions,
  isFamilyError,
} from "./datadog-apm-error.ts";

/**
 * Telemetry was dropped, or its spool directory cannot be used; the message names the reason. Told to `onError`. Code
 * `EXPORT` or that of a subclass; not retryable.
 */
export class ExportError extends DatadogAPMError {
  /** Makes an error of the group, or of a subclass that gives its own name and code. */
  constructor(
    message: string,
    options?: DatadogAPMErrorOptions,
    name = "ExportError",
    code = "EXPORT",
    retryable = false,
  ) {
    super(name, code, retryable, message, options);
  }

  static override isInstance(value: unknown): value is ExportError {
    return isFamilyError(value, ["EXPORT", "FLUSH_TIMEOUT", "SERIALIZATION_FAILED"]);
  }
}

/**
 * A flush of metrics did not end within its time limit. Told to `onError`; a flush of spans says so in its report.
 * Code `FLUSH_TIMEOUT`.
 */
export class FlushTimeoutError extends ExportError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "FlushTimeoutError", "FLUSH_TIMEOUT", false);
  }

  static override isInstance(value: unknown): value is FlushTimeoutError {
    return isFamilyError(value, ["FLUSH_TIMEOUT"]);
  }
}

/**
 * A value could not be serialised for export. Code `SERIALIZATION_FAILED`; for code of your own: these packages write
 * a placeholder for such a value.
 */
export class SerializationFailedError extends ExportError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "SerializationFailedError", "SERIALIZATION_FAILED", false);
  }

  static override isInstance(value: unknown): value is SerializationFailedError {
    return isFamilyError(value, ["SERIALIZATION_FAILED"]);
  }
}
