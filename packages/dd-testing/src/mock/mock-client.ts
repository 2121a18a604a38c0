import type { AgentGraph, Agents } from "@llmdevops/dd-agent";
import type { ConfigurationReport, FlushReport, HealthReport, Tracing } from "@llmdevops/dd-core";
import type { LLM } from "@llmdevops/dd-llm";
import type { Metrics, MetricsCounts } from "@llmdevops/dd-metrics";
import type { MockDatadogExporter } from "./mock-datadog-exporter.ts";

type TracingMethods = Pick<
  Tracing,
  | "samplingDecision"
  | "startSpan"
  | "finishSpan"
  | "trace"
  | "withSpan"
  | "getCurrentSpan"
  | "injectContext"
  | "extractContext"
  | "injectTraceContext"
  | "getCorrelationIds"
>;
type MetricsMethods = Pick<
  Metrics,
  | "increment"
  | "decrement"
  | "gauge"
  | "histogram"
  | "distribution"
  | "timing"
  | "set"
  | "event"
  | "serviceCheck"
  | "counter"
  | "recorder"
  | "timer"
  | "time"
  | "scope"
>;
type LLMMethods = Pick<
  LLM,
  | "startLLMSpan"
  | "traceLLM"
  | "startEmbeddingSpan"
  | "traceEmbedding"
  | "startRerankSpan"
  | "traceRerank"
  | "startRetrievalSpan"
  | "traceRetrieval"
  | "startWorkflowSpan"
  | "traceWorkflow"
  | "startTaskSpan"
  | "traceTask"
  | "startToolSpan"
  | "traceTool"
  | "recordTokenUsage"
  | "recordLatency"
  | "exportSpan"
  | "recordEvaluation"
  | "recordFeedback"
  | "budgetStatus"
>;
type AgentMethods = Pick<
  Agents,
  | "startAgentSpan"
  | "traceAgent"
  | "traceAgentStep"
  | "traceToolCall"
  | "startToolCall"
  | "traceWait"
  | "linkAgentSpans"
  | "getAgentLineage"
>;
type ExporterMethods = Pick<
  MockDatadogExporter,
  | "getSpans"
  | "getSpanByName"
  | "getMetrics"
  | "getEvents"
  | "getServiceChecks"
  | "getLlmobsSpans"
  | "getTagViolations"
  | "assertSpanCreated"
  | "assertMetricRecorded"
  | "assertValidTags"
>;

/**
 * The whole client of `@llmdevops/dd` in memory, and what it recorded. It can be given wherever a
 * `DatadogAPMClient` is expected.
 */
export interface MockDatadogAPMClient
  extends TracingMethods,
    MetricsMethods,
    LLMMethods,
    AgentMethods,
    ExporterMethods {
  /** Which agents worked with which, and with which tools, in all runs so far; `reset()` keeps it. */
  agentGraph(): AgentGraph;
  /** Names of the spans that were started and not finished, in order; nothing of them would be sent. */
  getOpenSpanNames(): string[];
  /** Forgets what was recorded, and the spans that are open. */
  reset(): void;
  /** The settings in use and where each came from. */
  configuration(): ConfigurationReport;
  /** The state of the client and the counts of its metrics, at this moment. */
  health(): HealthReport & {
    /** Where everything stands that was recorded: taken or dropped, and why. */
    readonly metrics: MetricsCounts;
  };
  /** Resolves with what has been recorded so far; never rejects. */
  flush(): Promise<FlushReport>;
  /** Ends the client and resolves with what has been recorded; never rejects. */
  shutdown(): Promise<FlushReport>;
}
