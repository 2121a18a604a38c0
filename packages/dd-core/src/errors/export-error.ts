import {
  DatadogAPMError,
  type DatadogAPMErrorOptions,
  isFamilyError,
} from "./datadog-apm-error.ts";

/** Telemetry could not be handed to the Agent. */
export class ExportError extends DatadogAPMError {
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

/** A flush did not end within its time limit. */
export class FlushTimeoutError extends ExportError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "FlushTimeoutError", "FLUSH_TIMEOUT", false);
  }

  static override isInstance(value: unknown): value is FlushTimeoutError {
    return isFamilyError(value, ["FLUSH_TIMEOUT"]);
  }
}

/** A value could not be serialised for export. */
export class SerializationFailedError extends ExportError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "SerializationFailedError", "SERIALIZATION_FAILED", false);
  }

  static override isInstance(value: unknown): value is SerializationFailedError {
    return isFamilyError(value, ["SERIALIZATION_FAILED"]);
  }
}
