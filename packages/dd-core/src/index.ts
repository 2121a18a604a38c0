export type { BreakerOptions, BreakerState } from "./agent-link/circuit-breaker.ts";
export type { ExitDelivery } from "./agent-link/exit-delivery.ts";
export type { ExitDatagram, ExitRequest } from "./agent-link/exit-protocol.ts";
export type { LinkHealth } from "./agent-link/health-probe.ts";
export type { LinkCounts, LinkSpanCounts } from "./agent-link/link-counts.ts";
export type {
  BufferOptions,
  DeliveryOptions,
  ResolvedLinkOptions,
} from "./agent-link/link-options.ts";
export type { PayloadKind, PayloadRoute } from "./agent-link/payload.ts";
export { type ExitParticipant, onProcessExit } from "./agent-link/process-exit.ts";
export type { BackoffOptions } from "./agent-link/retry-delay.ts";
export type { SendOutcome } from "./agent-link/send-payload.ts";
export type { AuditLog, AuditSink } from "./audit/audit-log.ts";
export {
  type DependencyComparison,
  defineService,
  type ServiceDefinition,
  type ServiceDescription,
} from "./catalog/define-service.ts";
export {
  type Deployment,
  type DeploymentClient,
  markDeployment,
} from "./catalog/mark-deployment.ts";
export type { AgentOptions } from "./configuration/agent-address.ts";
export { type Configuration, resolveConfiguration } from "./configuration/configuration.ts";
export type { ConfigurationReport } from "./configuration/configuration-report.ts";
export type {
  CoreOptions,
  LLMObservabilityOptions,
  SamplingOptions,
} from "./configuration/core-options.ts";
export { createFoundation, type Foundation } from "./configuration/foundation.ts";
export type { GitMetadata, GitOptions } from "./configuration/git-metadata.ts";
export type { Environment, SettingReport, SettingSource } from "./configuration/setting.ts";
export { parseTagList } from "./configuration/tag-list.ts";
export {
  type FileCredentialOptions,
  fileCredentialProvider,
} from "./credentials/file-credential-provider.ts";
export { functionCredentialProvider } from "./credentials/function-credential-provider.ts";
export { type AgentAnswer, askAgent } from "./dd-trace/ask-agent.ts";
export { type InstalledTracer, installedTracer } from "./dd-trace/installed-tracer.ts";
export { knownIntegrations } from "./dd-trace/integrations.ts";
export type { LinkReport } from "./dd-trace/link-report.ts";
export type { LLMObservabilitySDK } from "./dd-trace/llmobs-sdk.ts";
export { Diagnostics, type FaultCounts, type LastError } from "./diagnostics/diagnostics.ts";
export {
  ConfigurationError,
  InvalidAgentHostError,
  InvalidSampleRateError,
  MissingServiceNameError,
} from "./errors/configuration-error.ts";
export {
  AgentTimeoutError,
  AgentUnreachableError,
  ConnectionError,
  SocketError,
} from "./errors/connection-error.ts";
export { DatadogAPMError, type DatadogAPMErrorOptions } from "./errors/datadog-apm-error.ts";
export {
  ExportError,
  FlushTimeoutError,
  SerializationFailedError,
} from "./errors/export-error.ts";
export {
  BufferOverflowError,
  InvalidMetricNameError,
  MetricError,
  TagLimitExceededError,
} from "./errors/metric-error.ts";
export {
  InvalidTraceContextError,
  PropagationFailedError,
  SpanNotFoundError,
  TracingError,
} from "./errors/tracing-error.ts";
export { describeError, type ErrorDescription } from "./guard/error-description.ts";
export { type GuardedAttributes, type GuardedTagValue, TagGuard } from "./guard/tag-guard.ts";
export { type BunyanStream, bunyanStream } from "./logs/bunyan-stream.ts";
export {
  createJSONLogger,
  type JSONLogger,
  type JSONLoggerOptions,
  type LogLevel,
} from "./logs/json-logger.ts";
export type { LogClient, LogDestination } from "./logs/log-client.ts";
export type { CorrelationIds } from "./logs/log-correlation.ts";
export { type PinoOptions, pinoOptions } from "./logs/pino-options.ts";
export { type WinstonFormat, winstonFormat } from "./logs/winston-format.ts";
export { httpResource } from "./naming/http-resource.ts";
export { operationName } from "./naming/operation-name.ts";
export { type Authenticator, apiKeyAuthenticator } from "./ports/authenticator.ts";
export {
  type CredentialProvider,
  environmentCredentialProvider,
} from "./ports/credential-provider.ts";
export { type Logger, silentLogger, standardErrorLogger } from "./ports/logger.ts";
export {
  discardingMetricsSink,
  type MetricOptions,
  type MetricsSink,
  type MetricTags,
} from "./ports/metrics-sink.ts";
export type { SamplingReason, TraceDecision } from "./sampling/sampling-decision.ts";
export type { SamplingRule } from "./sampling/sampling-rules.ts";
export type {
  LLMObservabilityKind,
  LLMObservabilitySpanOptions,
  Span,
  SpanAttributes,
  SpanOptions,
} from "./span/span.ts";
export type { SpanCounts } from "./span/span-accounting.ts";
export type { SpanContext } from "./span/span-context.ts";
export { SpanDecorator } from "./span/span-decorator.ts";
export { spanBaggage, spanOwner } from "./span/traced-span.ts";
export {
  createSelfTelemetry,
  type SelfTelemetry,
  type TelemetrySource,
} from "./telemetry/self-telemetry.ts";
export type {
  LLMObservabilityPrompt,
  LLMObservabilityToolDefinition,
} from "./tracing/annotation-fields.ts";
export { createTracing } from "./tracing/create-tracing.ts";
export type { FlushReport, HealthReport } from "./tracing/flush-report.ts";
export type {
  LLMObservabilityAnnotation,
  LLMObservabilityMessage,
} from "./tracing/llm-observability.ts";
export type {
  LLMObservabilityEvaluation,
  LLMObservabilityFeedback,
  LLMObservabilitySpanReference,
} from "./tracing/llm-observability-evaluation.ts";
export { runAndFinish } from "./tracing/run-in-span.ts";
export type { SpanTotals } from "./tracing/span-totals.ts";
export type { Tracing } from "./tracing/tracing.ts";
