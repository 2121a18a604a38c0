import { DatadogAPMError, type DatadogAPMErrorOptions } from "./datadog-apm-error.ts";

/** A tracing call could not do what it was asked. */
export class TracingError extends DatadogAPMError {
  constructor(
    message: string,
    options?: DatadogAPMErrorOptions,
    name = "TracingError",
    code = "TRACING",
    retryable = false,
  ) {
    super(name, code, retryable, message, options);
  }
}

/** A span was needed, and none was given or active. */
export class SpanNotFoundError extends TracingError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "SpanNotFoundError", "SPAN_NOT_FOUND", false);
  }
}

/** A propagated trace context is malformed; a new trace is started instead. */
export class InvalidTraceContextError extends TracingError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "InvalidTraceContextError", "INVALID_TRACE_CONTEXT", false);
  }
}

/** A trace context could not be written to its carrier. */
export class PropagationFailedError extends TracingError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "PropagationFailedError", "PROPAGATION_FAILED", false);
  }
}
