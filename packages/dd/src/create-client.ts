import { type Agents, createAgents } from "@llmdevops/dd-agent";
import {
  createSelfTelemetry,
  createTracing,
  type Foundation,
  type SelfTelemetry,
  type Tracing,
} from "@llmdevops/dd-core";
import { foundationFor, pickOptions, readOptions, refused } from "@llmdevops/dd-core/options";
import { createLLM, type LLM } from "@llmdevops/dd-llm";
import { createMetrics, type Metrics } from "@llmdevops/dd-metrics";
import type { DatadogAPMClient } from "./client.ts";
import { agentsOptionPath, clientOptionNames, metricsOptionPath } from "./client-option-names.ts";
import type { ClientOptions } from "./client-options.ts";
import { checkAtStart } from "./process/check-at-start.ts";
import { guardIntegrationContent } from "./process/integration-content.ts";
import { forgetClient, rememberClient } from "./process/process-client.ts";

/** The longest time that Node's timers take. */
const longestTimerMs = 2_147_483_647;
const { budgets, content, modelAliases, prices, tagConventions } = clientOptionNames;
const modelOptionNames = { budgets, content, modelAliases, prices, tagConventions };

/**
 * Creates the composed client: tracing, logs, metrics, LLM calls and agents over one configuration.
 *
 * @param given See {@link ClientOptions}; what is unknown has no effect, and is warned of once.
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong; nothing throws later.
 * @throws {InvalidMetricNameError} When names of metrics cannot begin with `metrics.prefix`.
 * @example
 * ```ts
 * import { createClient } from "@llmdevops/dd";
 *
 * const client = createClient({ service: "assistant", env: "dev", llmobs: { enabled: true } });
 * await client.trace("ticket.answer", async () => {
 *   client.increment("tickets.answered", 1, { channel: "email" });
 * });
 * await client.shutdown();
 * ```
 */
export function createClient(given: ClientOptions = {}): DatadogAPMClient {
  const read = readOptions<ClientOptions>(given, clientOptionNames);
  const { options } = read;
  const { client, telemetry } = composeClient(options, foundationFor(read));
  rememberClient(client, () => telemetry.stop());
  checkAtStart(client, options.dogstatsd);
  return client;
}

/** A client, and what reports on it. */
export interface ComposedClient {
  readonly client: DatadogAPMClient;
  readonly telemetry: SelfTelemetry;
}

/** Composes the parts over one foundation. */
export function composeClient(options: ClientOptions, foundation: Foundation): ComposedClient {
  const { selfTelemetryIntervalMs = 10_000 } = options;
  checkComposedOptions(selfTelemetryIntervalMs, options.recordAgentContent);
  const metrics = createMetrics(
    {
      ...options.metrics,
      ...(options.dogstatsd === undefined ? {} : { dogstatsd: options.dogstatsd }),
      ...(options.metricsFlushIntervalMs === undefined
        ? {}
        : { flushIntervalMs: options.metricsFlushIntervalMs }),
    },
    foundation,
    metricsOptionPath,
  );
  const { tracing, agents, llm } = composeSpans(options, foundation, metrics);
  const telemetry = createSelfTelemetry(
    {
      health: () => tracing.health(),
      metricsSent: () => metrics.sent,
      diagnostics: foundation.diagnostics,
    },
    metrics,
    selfTelemetryIntervalMs,
  );
  const client: DatadogAPMClient = {
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
    health: () => ({ ...tracing.health(), metrics: metrics.counts() }),
    async flush() {
      const [report] = await Promise.all([tracing.flush(), metrics.flush()]);
      return report;
    },
    async shutdown() {
      const { shutdownTimeoutMs } = foundation.configuration;
      const start = performance.now();
      forgetClient(client);
      telemetry.stop();
      const report = await tracing.shutdown(
        shutdownTimeoutMs - reservedForMetrics(shutdownTimeoutMs),
      );
      // Last, so that it counts what the shutdown has delivered.
      if (selfTelemetryIntervalMs > 0) telemetry.report();
      await metrics.close(Math.max(0, shutdownTimeoutMs - (performance.now() - start)));
      return report;
    },
  };
  return { client, telemetry };
}

/** The parts that make spans; where one of them is refused, nothing of the client goes on. */
function composeSpans(
  options: ClientOptions,
  foundation: Foundation,
  metrics: Metrics,
): { readonly tracing: Tracing; readonly agents: Agents; readonly llm: LLM } {
  try {
    const tracing = createTracing({}, foundation);
    guardIntegrationContent(tracing, options.content);
    const agents = createAgents(
      {
        tracing,
        metrics,
        recordContent: options.recordAgentContent ?? options.content?.mode === "full",
        ...(options.agentBudget === undefined ? {} : { budget: options.agentBudget }),
      },
      agentsOptionPath,
    );
    const llm = createLLM({
      ...pickOptions(options, modelOptionNames),
      tracing: agents.observeModelCalls(tracing),
      metrics,
    });
    return { tracing, agents, llm };
  } catch (error) {
    void metrics.close(0);
    throw error;
  }
}

/** Part of the time of a shutdown (ms) that spans leave to metrics, which take a few milliseconds as a rule. */
function reservedForMetrics(timeoutMs: number): number {
  return Math.min(500, timeoutMs / 10);
}

/** What the parts cannot tell from the default any more, because it is read here. */
function checkComposedOptions(interval: unknown, recordAgentContent: unknown): void {
  const isInterval = typeof interval === "number" && interval >= 0 && interval <= longestTimerMs;
  if (!isInterval) {
    const expected = `a number of milliseconds from 0 to ${longestTimerMs}`;
    throw refused({ option: "selfTelemetryIntervalMs", expected, given: interval });
  }
  if (recordAgentContent !== undefined && typeof recordAgentContent !== "boolean") {
    const expected = "true or false";
    throw refused({ option: "recordAgentContent", expected, given: recordAgentContent });
  }
}
