import {
  DatadogAPMError,
  type DatadogAPMErrorOptions,
  isFamilyError,
} from "./datadog-apm-error.ts";

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

  static override isInstance(value: unknown): value is ConnectionError {
    return isFamilyError(value, ["CONNECTION", "AGENT_UNREACHABLE", "AGENT_TIMEOUT", "SOCKET"]);
  }
}

/** Nothing answers at the Agent's address. */
export class AgentUnreachableError extends ConnectionError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "AgentUnreachableError", "AGENT_UNREACHABLE", true);
  }

  static override isInstance(value: unknown): value is AgentUnreachableError {
    return isFamilyError(value, ["AGENT_UNREACHABLE"]);
  }
}

/** The Agent did not answer in time. */
export class AgentTimeoutError extends ConnectionError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "AgentTimeoutError", "AGENT_TIMEOUT", false);
  }

  static override isInstance(value: unknown): value is AgentTimeoutError {
    return isFamilyError(value, ["AGENT_TIMEOUT"]);
  }
}

/** The connection to the Agent broke. */
export class SocketError extends ConnectionError {
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "SocketError", "SOCKET", true);
  }

  static override isInstance(value: unknown): value is SocketError {
    return isFamilyError(value, ["SOCKET"]);
  }
}
