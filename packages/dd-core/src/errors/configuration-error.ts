import { DatadogAPMError, type DatadogAPMErrorOptions } from "./datadog-apm-error.ts";

/** An option or environment variable is missing or wrong; thrown only while a client is being built. */
export class ConfigurationError extends DatadogAPMError {
  constructor(
    message: string,
    options?: DatadogAPMErrorOptions,
    name = "ConfigurationError",
    code = "CONFIGURATION",
    retryable = false,
  ) {
    super(name, code, retryable, message, options);
  }
}

/** No service name was given. */
export class MissingServiceNameError extends ConfigurationError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "MissingServiceNameError", "MISSING_SERVICE_NAME", false);
  }
}

/** The Agent's host, port, URL or socket path cannot be used. */
export class InvalidAgentHostError extends ConfigurationError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "InvalidAgentHostError", "INVALID_AGENT_HOST", false);
  }
}

/** A sample rate is not a number from 0 to 1. */
export class InvalidSampleRateError extends ConfigurationError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "InvalidSampleRateError", "INVALID_SAMPLE_RATE", false);
  }
}
