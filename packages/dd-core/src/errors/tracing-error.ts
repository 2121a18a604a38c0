import {
  DatadogAPMError,
  type DatadogAPMErrorOptions,
  isFamilyError,
} from "./datadog-apm-error.ts";

/**
 * A tracing call could not do what it was asked; the group of the errors below. Code `TRACING` or that of a subclass;
 * not retryable.
 */
export class TracingError extends DatadogAPMError {
  /** Makes an error of the group, or of a subclass that gives its own name and code. */
  constructor(
    message: string,
    options?: DatadogAPMErrorOptions,
    name = "TracingError",
    code = "TRACING",
    retryable = false,
  ) {
    super(name, code, retryable, message, options);
  }

  static override isInstance(value: unknown): value is TracingError {
    return isFamilyError(value, [
      "TRACING",
      "SPAN_NOT_FOUND",
      "INVALID_TRACE_CONTEXT",
      "PROPAGATION_FAILED",
    ]);
  }
}

/**
 * A span was needed, and none was given or active. Code `SPAN_NOT_FOUND`; for code of your own: these packages go on
 * without one.
 */
export class SpanNotFoundError extends TracingError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "SpanNotFoundError", "SPAN_NOT_FOUND", false);
  }

  static override isInstance(value: unknown): value is SpanNotFoundError {
    return isFamilyError(value, ["SPAN_NOT_FOUND"]);
  }
}

/**
 * A trace context that came from outside is malformed; what is valid of it is used, or else a new trace is started.
 * Told to `onError`. Code `INVALID_TRACE_CONTEXT`.
 */
export class InvalidTraceContextError extends TracingError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "InvalidTraceContextError", "INVALID_TRACE_CONTEXT", false);
  }

  static override isInstance(value: unknown): value is InvalidTraceContextError {
    return isFamilyError(value, ["INVALID_TRACE_CONTEXT"]);
  }
}

/**
 * A trace context could not be written to its carrier, or read from it. Told to `onError`. Code `PROPAGATION_FAILED`.
 */
export class PropagationFailedError extends TracingError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "PropagationFailedError", "PROPAGATION_FAILED", false);
  }

  static override isInstance(value: unknown): value is PropagationFailedError {
    return isFamilyError(value, ["PROPAGATION_FAILED"]);
  }
}
