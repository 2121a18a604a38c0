export type { TestAgentOptions } from "./agent/agent-options.ts";
export type { AgentRecordKind, AgentRecordKinds } from "./agent/agent-records.ts";
export type {
  EventAlertType,
  EventPriority,
  ReceivedEvent,
} from "./agent/dogstatsd/parse-event.ts";
export type { MetricType, ReceivedMetric } from "./agent/dogstatsd/parse-metric.ts";
export type { ReceivedServiceCheck } from "./agent/dogstatsd/parse-service-check.ts";
export type { FailDetails, FailMode, FailName, FailOptions } from "./agent/fail-mode.ts";
export type { ReceivedEvaluation } from "./agent/intake/evaluation.ts";
export type { ReceivedLlmobsSpan } from "./agent/intake/llmobs-span.ts";
export type { ReceivedLog } from "./agent/intake/log-record.ts";
export type { JsonObject } from "./agent/json-value.ts";
export type { OtlpMetricKind, ReceivedOtlpMetric } from "./agent/otlp/decode-otlp-metrics.ts";
export type { OtlpAttributes, OtlpValue } from "./agent/otlp/otlp-attributes.ts";
export type { CheckFailure, RecordedRequest, Rejection } from "./agent/recorded-request.ts";
export { startTestAgent } from "./agent/start-test-agent.ts";
export type { TestAgent } from "./agent/test-agent.ts";
export type { ReceivedTrace } from "./agent/traces/group-traces.ts";
export type {
  ReceivedSpan,
  ReceivedSpanEvent,
  ReceivedSpanLink,
  SpanAttributeValue,
} from "./agent/traces/received-span.ts";
export type { WaitableKinds, WaitCondition } from "./agent/wait-condition.ts";
export { type WaitOptions, WaitTimeoutError } from "./agent/wait-for-records.ts";
export {
  assertChildSpan,
  assertCost,
  assertMetric,
  assertNoSecrets,
  assertSpan,
  assertTag,
  assertTraceShape,
} from "./assertions/assert-telemetry.ts";
export type { CostExpectation } from "./assertions/check-cost.ts";
export type { MetricPattern, MetricSource } from "./assertions/check-metric.ts";
export type { NoSecretsOptions } from "./assertions/check-no-secrets.ts";
export type { ExpectedValue } from "./assertions/expected-value.ts";
export type { SpanSource } from "./assertions/observed-span.ts";
export type { SpanPattern } from "./assertions/span-pattern.ts";
export type { AgentCapture } from "./capture/capture.ts";
export { loadCapture, saveCapture } from "./capture/capture-file.ts";
export {
  type SnapshotOptions,
  type SnapshotSpan,
  snapshotTraces,
} from "./capture/trace-snapshot.ts";
export { type FaultPlan, type InjectedFaults, injectFaults } from "./faults/inject-faults.ts";
export type { NetworkFault } from "./faults/slow-network.ts";
export { generateLoad, type LoadOptions, type LoadReport } from "./load/generate-load.ts";
export type { LoadClient } from "./load/record-trace.ts";
export type { TraceShape } from "./load/synthetic-trace.ts";
export { type TelemetryMatchers, telemetryMatchers } from "./matchers/telemetry-matchers.ts";
export { createMockClient, type MockClientOptions } from "./mock/create-mock-client.ts";
export type { MockDatadogAPMClient } from "./mock/mock-client.ts";
export { MockDatadogExporter, type MockExporterOptions } from "./mock/mock-datadog-exporter.ts";
export type { MetricFilter, MockMetric, MockMetricType } from "./mock/mock-metric.ts";
export type {
  MockLlmobsSpan,
  MockSpan,
  MockSpanEvent,
  MockSpanLink,
  MockTagValue,
} from "./mock/mock-span.ts";
export type { TagViolation } from "./mock/tag-violation.ts";
export { type Clock, createTestClock, type TestClock } from "./mock/test-clock.ts";
export type { ProviderEndpoint, ProviderName } from "./provider/provider-name.ts";
export type { ProviderServerOptions } from "./provider/provider-options.ts";
export type { ProviderRequest } from "./provider/provider-request.ts";
export type { ProviderServer } from "./provider/provider-server.ts";
export type { RawAnswer } from "./provider/raw-answer.ts";
export type {
  ProviderRequestFailure,
  ProviderRequestOutcome,
  RecordedProviderRequest,
} from "./provider/recorded-request.ts";
export { loadRecordings, type ProviderRecording } from "./provider/recording.ts";
export type { ReplayOptions as ProviderReplayOptions } from "./provider/replay-script.ts";
export type { ReplySource, RespondOptions } from "./provider/reply-script.ts";
export type { ProviderRequestMatcher, ProviderRequestPattern } from "./provider/request-matcher.ts";
export type { WaitForRequestOptions } from "./provider/request-waiters.ts";
export type { ProviderErrorKind, ScriptedError } from "./provider/scripted-error.ts";
export type {
  ChunkSplit,
  ProviderFinishReason,
  ScriptedMidStreamError,
  ScriptedReply,
  ScriptedToolCall,
} from "./provider/scripted-reply.ts";
export { startProviderServer } from "./provider/start-provider-server.ts";
export type { TokenUsage } from "./provider/token-usage.ts";
export type { ProviderUsageTotal } from "./provider/usage-totals.ts";
export type { TraceFixture } from "./replay/read-fixture.ts";
export {
  type ReplayOptions,
  type ReplayReport,
  replayTraces,
} from "./replay/replay-traces.ts";
