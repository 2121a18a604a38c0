import { DatadogAPMError, type DatadogAPMErrorOptions } from "./datadog-apm-error.ts";

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
}

/** A flush did not end within its time limit. */
export class FlushTimeoutError extends ExportError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "FlushTimeoutError", "FLUSH_TIMEOUT", false);
  }
}

/** A value could not be serialised for export. */
export class SerializationFailedError extends ExportError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "SerializationFailedError", "SERIALIZATION_FAILED", false);
  }
}
