/**
 * The client in memory alone: no embedded Agent, no provider servers and no matchers are loaded with it. Everything here
 * is also a name of `@llmdevops/dd-testing`.
 *
 * @module
 */
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
