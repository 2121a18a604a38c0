export {
  AgentBudgetError,
  type AgentGraph,
  type AgentOutcome,
  type AgentSpan,
  type AgentSpanOptions,
  type BudgetViolation,
  type RunBudget,
  type RunSummary,
  type ToolCallSpan,
  type TraceAgentOptions,
} from "@llmdevops/dd-agent";
export {
  AgentTimeoutError,
  AgentUnreachableError,
  BufferOverflowError,
  type Configuration,
  ConfigurationError,
  ConnectionError,
  type CorrelationIds,
  DatadogAPMError,
  ExportError,
  type FlushReport,
  FlushTimeoutError,
  InvalidAgentHostError,
  InvalidMetricNameError,
  InvalidSampleRateError,
  InvalidTraceContextError,
  type Logger,
  MetricError,
  type MetricOptions,
  type MetricTags,
  MissingServiceNameError,
  PropagationFailedError,
  SerializationFailedError,
  SocketError,
  type Span,
  type SpanContext,
  SpanNotFoundError,
  type SpanOptions,
  silentLogger,
  TagLimitExceededError,
  TracingError,
} from "@llmdevops/dd-core";
export {
  classifyLLMError,
  type LLMSpan,
  type LLMSpanOptions,
  normalizeUsage,
  type TokenUsage,
  type TraceLLMOptions,
} from "@llmdevops/dd-llm";
export { HeaderCarrier } from "@llmdevops/dd-propagation";
export { createRedactor, type Redactor } from "@llmdevops/dd-redaction";
export type { MockClientOptions, MockDatadogAPMClient } from "@llmdevops/dd-testing/mock";
export type { ClientHealthReport, DatadogAPMClient } from "./client.ts";
export { DatadogAPMClientFactory } from "./client-factory.ts";
export type { ClientOptions } from "./client-options.ts";
export { createClient } from "./create-client.ts";
