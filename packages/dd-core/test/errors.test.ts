import { describe, expect, test } from "vitest";
import {
  AgentTimeoutError,
  AgentUnreachableError,
  BufferOverflowError,
  ConfigurationError,
  ConnectionError,
  DatadogAPMError,
  ExportError,
  FlushTimeoutError,
  InvalidAgentHostError,
  InvalidMetricNameError,
  InvalidSampleRateError,
  InvalidTraceContextError,
  MetricError,
  MissingServiceNameError,
  PropagationFailedError,
  SerializationFailedError,
  SocketError,
  SpanNotFoundError,
  TagLimitExceededError,
  TracingError,
} from "../src/index.ts";

const groups = [ConfigurationError, ConnectionError, ExportError, MetricError, TracingError];

describe.each([
  [ConfigurationError, ConfigurationError, "CONFIGURATION", false],
  [MissingServiceNameError, ConfigurationError, "MISSING_SERVICE_NAME", false],
  [InvalidAgentHostError, ConfigurationError, "INVALID_AGENT_HOST", false],
  [InvalidSampleRateError, ConfigurationError, "INVALID_SAMPLE_RATE", false],
  [ConnectionError, ConnectionError, "CONNECTION", true],
  [AgentUnreachableError, ConnectionError, "AGENT_UNREACHABLE", true],
  [AgentTimeoutError, ConnectionError, "AGENT_TIMEOUT", false],
  [SocketError, ConnectionError, "SOCKET", true],
  [TracingError, TracingError, "TRACING", false],
  [SpanNotFoundError, TracingError, "SPAN_NOT_FOUND", false],
  [InvalidTraceContextError, TracingError, "INVALID_TRACE_CONTEXT", false],
  [PropagationFailedError, TracingError, "PROPAGATION_FAILED", false],
  [MetricError, MetricError, "METRIC", false],
  [InvalidMetricNameError, MetricError, "INVALID_METRIC_NAME", false],
  [TagLimitExceededError, MetricError, "TAG_LIMIT_EXCEEDED", false],
  [BufferOverflowError, MetricError, "BUFFER_OVERFLOW", false],
  [ExportError, ExportError, "EXPORT", false],
  [FlushTimeoutError, ExportError, "FLUSH_TIMEOUT", false],
  [SerializationFailedError, ExportError, "SERIALIZATION_FAILED", false],
] as const)("%o", (ErrorClass, Group, code, retryable) => {
  const error = new ErrorClass("what happened", { cause: "why" });

  test("has its name, code, retryability, message and cause", () => {
    expect(error).toMatchObject({ name: ErrorClass.name, code, retryable });
    expect(error.message).toBe("what happened");
    expect(error.cause).toBe("why");
    expect(String(error)).toBe(`${ErrorClass.name}: what happened`);
    expect(Object.keys(error)).not.toContain("marker");
  });

  test("has no cause when none is given", () => {
    expect("cause" in new ErrorClass("alone")).toBe(false);
  });

  test("is an instance of the base, its group and itself, and of no other group", () => {
    expect(error).toBeInstanceOf(DatadogAPMError);
    expect(error).toBeInstanceOf(Group);
    expect(DatadogAPMError.isInstance(error)).toBe(true);
    expect(ErrorClass.isInstance(error)).toBe(true);
    expect(groups.filter((group) => group.isInstance(error))).toEqual([Group]);
  });
});

describe("isInstance", () => {
  test("recognises an error that another copy of the package made", () => {
    const marker = Symbol.for("@llmdevops/dd-core/error");
    const foreign = Object.assign(new Error("x"), { [marker]: true, code: "AGENT_UNREACHABLE" });

    expect(foreign instanceof DatadogAPMError).toBe(false);
    expect(DatadogAPMError.isInstance(foreign)).toBe(true);
    expect(AgentUnreachableError.isInstance(foreign)).toBe(true);
    expect(SocketError.isInstance(foreign)).toBe(false);
  });

  test("refuses everything else without throwing", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const value of [undefined, null, "text", 1, {}, new Error("x"), proxy]) {
      expect(DatadogAPMError.isInstance(value)).toBe(false);
      expect(SocketError.isInstance(value)).toBe(false);
    }
  });
});
