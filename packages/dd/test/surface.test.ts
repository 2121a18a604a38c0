import type { DatadogAPMClient, LLMSpan, MockDatadogAPMClient, Span } from "@llmdevops/dd";
import * as dd from "@llmdevops/dd";
import { expect, expectTypeOf, test } from "vitest";

test("exports these values and no others", () => {
  expect(Object.keys(dd).sort()).toMatchInlineSnapshot(`
    [
      "AgentBudgetError",
      "AgentTimeoutError",
      "AgentUnreachableError",
      "BufferOverflowError",
      "ConfigurationError",
      "ConnectionError",
      "DatadogAPMClientFactory",
      "DatadogAPMError",
      "ExportError",
      "FlushTimeoutError",
      "HeaderCarrier",
      "InvalidAgentHostError",
      "InvalidMetricNameError",
      "InvalidSampleRateError",
      "InvalidTraceContextError",
      "MetricError",
      "MissingServiceNameError",
      "PropagationFailedError",
      "SerializationFailedError",
      "SocketError",
      "SpanNotFoundError",
      "TagLimitExceededError",
      "TracingError",
      "aiSdkTelemetry",
      "amqpCarrier",
      "bunyanStream",
      "classifyLLMError",
      "createClient",
      "createJSONLogger",
      "createLangChainHandler",
      "createOpenAIAgentsProcessor",
      "createRedactor",
      "createStreamRedactor",
      "defineService",
      "getClient",
      "grpcCarrier",
      "httpResource",
      "instrumentAnthropic",
      "instrumentBedrock",
      "instrumentClaudeAgent",
      "instrumentGoogleGenAI",
      "instrumentMcpClient",
      "instrumentMcpServer",
      "instrumentOpenAI",
      "kafkaCarrier",
      "markDeployment",
      "mcpCarrier",
      "normalizeUsage",
      "operationName",
      "pinoOptions",
      "silentLogger",
      "sqsCarrier",
      "uninstrument",
      "winstonFormat",
      "workerCarrier",
    ]
  `);
});

test("the factory by the specification's name makes the real client and the one in memory", () => {
  expect(dd.DatadogAPMClientFactory.create).toBe(dd.createClient);

  expectTypeOf<MockDatadogAPMClient>().toExtend<DatadogAPMClient>();
  const mock = dd.DatadogAPMClientFactory.createMock({ service: "shop" });
  mock.startSpan("checkout").finish();
  expect(mock.getSpans().map(({ name }) => name)).toEqual(["checkout"]);
});

test("an LLM span is a span, and a traced function's result keeps its type", () => {
  expectTypeOf<LLMSpan>().toExtend<Span>();
  expectTypeOf<DatadogAPMClient["trace"]>().toBeFunction();
  const run = (client: DatadogAPMClient) => client.trace("name", async () => 7);
  expectTypeOf(run).returns.resolves.toEqualTypeOf<number>();
});
