import { createAgents, type RunBudget } from "@llmdevops/dd-agent";
import { type CoreOptions, silentLogger } from "@llmdevops/dd-core";
import { createTracingOn } from "@llmdevops/dd-core/backend";
import {
  foundationFor,
  hasMethod,
  pickOptions,
  readOptions,
  refused,
} from "@llmdevops/dd-core/options";
import { createLLM, type LLMOptions } from "@llmdevops/dd-llm";
import type { RecordingOptions } from "@llmdevops/dd-metrics/backend";
import { MemoryBackend } from "./memory-backend.ts";
import { createMemoryMetrics } from "./memory-metrics.ts";
import type { MockDatadogAPMClient } from "./mock-client.ts";
import { MockDatadogExporter } from "./mock-datadog-exporter.ts";
import { mockMetricsNames, mockOptionNames } from "./mock-option-names.ts";
import { OpenSpans } from "./open-spans.ts";
import type { Clock } from "./test-clock.ts";

/** Options of {@link createMockClient}: those of `createClient`, of which only these have an effect, and two more. */
export interface MockClientOptions
  extends Omit<CoreOptions, "agent" | "buffer" | "delivery" | "enabled">,
    Pick<LLMOptions, "content" | "prices" | "tagConventions"> {
  /** How metrics are named and bounded; see `@llmdevops/dd-metrics`. */
  readonly metrics?: RecordingOptions;
  /** Records inputs and outputs of agents and tools. @default `true` where `content.mode` is `full` */
  readonly recordAgentContent?: boolean;
  /** The limits of agent runs that bring none of their own. @default none */
  readonly agentBudget?: RunBudget;
  /** Where the time of spans, events and timers comes from. @default `Date.now`, which fake timers may replace */
  readonly clock?: Clock;
  /** Where records go, for example one for several clients. @default a new one */
  readonly exporter?: MockDatadogExporter;
}

/**
 * Creates a client that keeps in memory what it would send: no network, no Agent, no dd-trace.
 *
 * It is the real client on a tracer in memory, so parents, redaction, limits, cost, headers and the accounting are
 * those of production. The sample rate is 1 and the service `test` unless options or environment
 * say otherwise; diagnostics are silent.
 *
 * @param given See {@link MockClientOptions}; what is unknown has no effect, and is counted in `health().faults`.
 * @throws {ConfigurationError} When an option or environment variable is wrong, as `createClient` does.
 * @example
 * ```ts
 * import { createMockClient } from "@llmdevops/dd-testing";
 *
 * const client = createMockClient();
 * client.startSpan("order.load", { tags: { "order.lines": 3 } }).finish();
 * client.assertSpanCreated("order.load", { "order.lines": 3 });
 * ```
 */
export function createMockClient(given: MockClientOptions = {}): MockDatadogAPMClient {
  const { options, unknown } = readOptions<MockClientOptions>(given, mockOptionNames);
  const { clock = { now: () => Date.now() }, exporter = new MockDatadogExporter() } = options;
  if (!hasMethod(clock, "now")) {
    throw refused({ option: "clock", expected: "an object that has now()", given: clock });
  }
  if (!hasMethod(exporter, "exportSpan")) {
    throw refused({ option: "exporter", expected: "a MockDatadogExporter", given: exporter });
  }
  const foundation = foundationFor({
    options: {
      ...options,
      service: options.service ?? process.env["DD_SERVICE"] ?? "test",
      sampling: { rate: 1, ...options.sampling },
      logger: options.logger ?? silentLogger,
    },
    unknown,
  });
  const open = new OpenSpans(exporter);
  const tracing = createTracingOn(
    new MemoryBackend(foundation.configuration, clock, open),
    foundation,
  );
  const metrics = createMemoryMetrics(
    foundation,
    exporter,
    clock,
    pickOptions(options.metrics ?? {}, mockMetricsNames),
  );
  const recordContent = options.recordAgentContent ?? options.content?.mode === "full";
  const { agentBudget, content, prices, tagConventions } = options;
  const agents = createAgents(
    {
      tracing,
      metrics,
      recordContent,
      ...(agentBudget === undefined ? {} : { budget: agentBudget }),
    },
    (name) => (name === "budget" ? "agentBudget" : "recordAgentContent"),
  );
  const llm = createLLM({
    ...(content === undefined ? {} : { content }),
    ...(prices === undefined ? {} : { prices }),
    ...(tagConventions === undefined ? {} : { tagConventions }),
    tracing: agents.observeModelCalls(tracing),
    metrics,
  });
  return {
    configuration: () => tracing.configurationReport(),
    samplingDecision: tracing.samplingDecision.bind(tracing),
    startSpan: tracing.startSpan.bind(tracing),
    finishSpan: tracing.finishSpan.bind(tracing),
    trace: tracing.trace.bind(tracing),
    withSpan: tracing.withSpan.bind(tracing),
    getCurrentSpan: tracing.getCurrentSpan.bind(tracing),
    injectContext: tracing.injectContext.bind(tracing),
    extractContext: tracing.extractContext.bind(tracing),
    injectTraceContext: tracing.injectTraceContext.bind(tracing),
    getCorrelationIds: tracing.getCorrelationIds.bind(tracing),
    increment: metrics.increment.bind(metrics),
    decrement: metrics.decrement.bind(metrics),
    gauge: metrics.gauge.bind(metrics),
    histogram: metrics.histogram.bind(metrics),
    distribution: metrics.distribution.bind(metrics),
    timing: metrics.timing.bind(metrics),
    set: metrics.set.bind(metrics),
    event: metrics.event.bind(metrics),
    serviceCheck: metrics.serviceCheck.bind(metrics),
    counter: metrics.counter.bind(metrics),
    recorder: metrics.recorder.bind(metrics),
    timer: metrics.timer.bind(metrics),
    time: metrics.time.bind(metrics),
    scope: metrics.scope.bind(metrics),
    startLLMSpan: llm.startLLMSpan.bind(llm),
    traceLLM: llm.traceLLM.bind(llm),
    startEmbeddingSpan: llm.startEmbeddingSpan.bind(llm),
    traceEmbedding: llm.traceEmbedding.bind(llm),
    startRerankSpan: llm.startRerankSpan.bind(llm),
    traceRerank: llm.traceRerank.bind(llm),
    startRetrievalSpan: llm.startRetrievalSpan.bind(llm),
    traceRetrieval: llm.traceRetrieval.bind(llm),
    startWorkflowSpan: llm.startWorkflowSpan.bind(llm),
    traceWorkflow: llm.traceWorkflow.bind(llm),
    startTaskSpan: llm.startTaskSpan.bind(llm),
    traceTask: llm.traceTask.bind(llm),
    startToolSpan: llm.startToolSpan.bind(llm),
    traceTool: llm.traceTool.bind(llm),
    recordTokenUsage: llm.recordTokenUsage.bind(llm),
    recordLatency: llm.recordLatency.bind(llm),
    exportSpan: llm.exportSpan.bind(llm),
    recordEvaluation: llm.recordEvaluation.bind(llm),
    recordFeedback: llm.recordFeedback.bind(llm),
    budgetStatus: llm.budgetStatus.bind(llm),
    startAgentSpan: agents.startAgentSpan.bind(agents),
    traceAgent: agents.traceAgent.bind(agents),
    traceAgentStep: agents.traceAgentStep.bind(agents),
    traceToolCall: agents.traceToolCall.bind(agents),
    startToolCall: agents.startToolCall.bind(agents),
    traceWait: agents.traceWait.bind(agents),
    linkAgentSpans: agents.linkAgentSpans.bind(agents),
    getAgentLineage: agents.getAgentLineage.bind(agents),
    agentGraph: agents.graph.bind(agents),
    getSpans: exporter.getSpans.bind(exporter),
    getSpanByName: exporter.getSpanByName.bind(exporter),
    getMetrics: exporter.getMetrics.bind(exporter),
    getEvents: exporter.getEvents.bind(exporter),
    getServiceChecks: exporter.getServiceChecks.bind(exporter),
    getLlmobsSpans: exporter.getLlmobsSpans.bind(exporter),
    getTagViolations: exporter.getTagViolations.bind(exporter),
    assertSpanCreated: exporter.assertSpanCreated.bind(exporter),
    assertMetricRecorded: exporter.assertMetricRecorded.bind(exporter),
    assertValidTags: exporter.assertValidTags.bind(exporter),
    getOpenSpanNames: () => open.names(),
    reset() {
      open.reset();
      exporter.reset();
    },
    health: () => ({ ...tracing.health(), metrics: metrics.counts() }),
    flush: tracing.flush.bind(tracing),
    async shutdown() {
      const report = await tracing.shutdown();
      await metrics.close();
      return report;
    },
  };
}
