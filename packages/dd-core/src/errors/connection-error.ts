import {
  DatadogAPMError,
  type DatadogAPMErrorOptions,
  isFamilyError,
} from "./datadog-apm-error.ts";

/** The Agent could not be talked to; the group of the errors below. Code `CONNECTION` or that of a subclass. */
export class ConnectionError extends DatadogAPMError {
  /** Makes an error of the group, or of a subclass that gives its own name and code. */
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

/**
 * The Agent takes nothing: it is gone, overloaded, or does not answer in time. Told to `onError` once for each
 * outage, when the breaker opens; what fits the buffer waits. Code `AGENT_UNREACHABLE`; retryable.
 */
export class AgentUnreachableError extends ConnectionError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "AgentUnreachableError", "AGENT_UNREACHABLE", true);
  }

  static override isInstance(value: unknown): value is AgentUnreachableError {
    return isFamilyError(value, ["AGENT_UNREACHABLE"]);
  }
}

/**
 * The Agent did not answer in time. Code `AGENT_TIMEOUT`; for transports of your own: the delivery of these packages
 * counts time-outs and reports the outage as `AgentUnreachableError`.
 */
export class AgentTimeoutError extends ConnectionError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "AgentTimeoutError", "AGENT_TIMEOUT", false);
  }

  static override isInstance(value: unknown): value is AgentTimeoutError {
    return isFamilyError(value, ["AGENT_TIMEOUT"]);
  }
}

/** A DogStatsD datagram could not be handed to the system. Told to `onError`. Code `SOCKET`; retryable. */
export class SocketError extends ConnectionError {
  /** Takes what happened, in words, and the error that led to it. */
  constructor(message: string, options?: DatadogAPMErrorOptions) {
    super(message, options, "SocketError", "SOCKET", true);
  }

  static override isInstance(value: unknown): value is SocketError {
    return isFamilyError(value, ["SOCKET"]);
  }
}
