import {
  DatadogAPMError,
  type DatadogAPMErrorOptions,
  isFamilyError,
} from "./datadog-apm-error.ts";

/**
 * A metric could not be recorded; the group of the errors below. Code `METRIC` or that of a subclass; not retryable.
 */
export class MetricError extends DatadogAPMError {
  /** Makes an error of the group, or of a subclass that gives its own name and code. */
  constructor(
    message: string,
    options?: DatadogAPMErrorOptions,
    name = "MetricError",
    code = "METRIC",
    retryable = false,
  ) {
    super(name, code, retryable, message, options);
  }

  static override isInstance(value: unknown): value is MetricError {
    return isFamilyError(value, [
      "METRIC",
      "INVALID_METRIC_NAME",
      "TAG_LIMIT_EXCEEDED",
      "BUFFER_OVERFLOW",
    ]);
  }
}

/**
 * A metric name breaks Datadog's naming rules
 * (https://docs.datadoghq.com/metrics/custom_metrics/#naming-custom-metrics). Told to `onError` for a value, which is
 * dropped; thrown where a handle or scope is made of the name. Code `INVALID_METRIC_NAME`.
 */
export class InvalidMetricNameError extends MetricError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "InvalidMetricNameError", "INVALID_METRIC_NAME", false);
  }

  static override isInstance(value: unknown): value is InvalidMetricNameError {
    return isFamilyError(value, ["INVALID_METRIC_NAME"]);
  }
}

/**
 * A metric carries too many or too long tags; those beyond the limit were left out. Told to `onError`. Code
 * `TAG_LIMIT_EXCEEDED`.
 */
export class TagLimitExceededError extends MetricError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "TagLimitExceededError", "TAG_LIMIT_EXCEEDED", false);
  }

  static override isInstance(value: unknown): value is TagLimitExceededError {
    return isFamilyError(value, ["TAG_LIMIT_EXCEEDED"]);
  }
}

/**
 * The buffer of metrics was full and its oldest entries were dropped. Told to `onError` once until it is sent. Code
 * `BUFFER_OVERFLOW`.
 */
export class BufferOverflowError extends MetricError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "BufferOverflowError", "BUFFER_OVERFLOW", false);
  }

  static override isInstance(value: unknown): value is BufferOverflowError {
    return isFamilyError(value, ["BUFFER_OVERFLOW"]);
  }
}
