import { DatadogAPMError, type DatadogAPMErrorOptions } from "./datadog-apm-error.ts";

/** The Agent could not be talked to. */
export class ConnectionError extends DatadogAPMError {
  constructor(
    message: string,
    options?: DatadogAPMErrorOptions,
    name = "ConnectionError",
    code = "CONNECTION",
    retryable = true,
  ) {
    super(name, code, retryable, message, options);
  }
}

/** Nothing answers at the Agent's address. */
export class AgentUnreachableError extends ConnectionError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "AgentUnreachableError", "AGENT_UNREACHABLE", true);
  }
}

/** The Agent did not answer in time. */
export class AgentTimeoutError extends ConnectionError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "AgentTimeoutError", "AGENT_TIMEOUT", false);
  }
}

/** The connection to the Agent broke. */
export class SocketError extends ConnectionError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "SocketError", "SOCKET", true);
  }
}
