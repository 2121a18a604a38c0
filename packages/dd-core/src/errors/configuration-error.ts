import {
  DatadogAPMError,
  type DatadogAPMErrorOptions,
  isFamilyError,
} from "./datadog-apm-error.ts";

/**
 * An option or environment variable is missing or wrong; thrown only while a client is being built. Code
 * `CONFIGURATION` or that of a subclass; not retryable.
 *
 * @example
 * ```ts
 * import { ConfigurationError, createTracing } from "@llmdevops/dd-core";
 *
 * try {
 *   createTracing({ service: "checkout", sampling: { rate: 2 } });
 * } catch (error) {
 *   if (ConfigurationError.isInstance(error)) process.stderr.write(`${error.code}: ${error.message}\n`);
 * }
 * ```
 */
export class ConfigurationError extends DatadogAPMError {
  /** Makes an error of the group, or of a subclass that gives its own name and code. */
  constructor(
    message: string,
    options?: DatadogAPMErrorOptions,
    name = "ConfigurationError",
    code = "CONFIGURATION",
    retryable = false,
  ) {
    super(name, code, retryable, message, options);
  }

  static override isInstance(value: unknown): value is ConfigurationError {
    return isFamilyError(value, [
      "CONFIGURATION",
      "MISSING_SERVICE_NAME",
      "INVALID_AGENT_HOST",
      "INVALID_SAMPLE_RATE",
    ]);
  }
}

/** No service name was given, neither as the option `service` nor as `DD_SERVICE`. Code `MISSING_SERVICE_NAME`. */
export class MissingServiceNameError extends ConfigurationError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "MissingServiceNameError", "MISSING_SERVICE_NAME", false);
  }

  static override isInstance(value: unknown): value is MissingServiceNameError {
    return isFamilyError(value, ["MISSING_SERVICE_NAME"]);
  }
}

/** The Agent's host, port, URL or socket path cannot be used. Code `INVALID_AGENT_HOST`. */
export class InvalidAgentHostError extends ConfigurationError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "InvalidAgentHostError", "INVALID_AGENT_HOST", false);
  }

  static override isInstance(value: unknown): value is InvalidAgentHostError {
    return isFamilyError(value, ["INVALID_AGENT_HOST"]);
  }
}

/** A sample rate is not a number from 0 to 1. Code `INVALID_SAMPLE_RATE`. */
export class InvalidSampleRateError extends ConfigurationError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "InvalidSampleRateError", "INVALID_SAMPLE_RATE", false);
  }

  static override isInstance(value: unknown): value is InvalidSampleRateError {
    return isFamilyError(value, ["INVALID_SAMPLE_RATE"]);
  }
}
