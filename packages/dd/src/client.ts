import type { AgentGraph, Agents } from "@llmdevops/dd-agent";
import type { ConfigurationReport, FlushReport, HealthReport, Tracing } from "@llmdevops/dd-core";
import type { LLM } from "@llmdevops/dd-llm";
import type { Metrics, MetricsCounts } from "@llmdevops/dd-metrics";

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

/** The state of all parts of a client. */
export interface ClientHealthReport extends HealthReport {
  /** Where everything stands that was recorded: sent, waiting or dropped, and why. */
  readonly metrics: MetricsCounts;
}

/**
 * One client for traces, logs, metrics, LLM calls and agents. Nothing of it throws after construction; `counter`,
 * `recorder`, `timer` and `scope`, which are called once like it, refuse a name or prefix of which nothing can be used.
 */
export interface DatadogAPMClient extends TracingMethods, MetricsMethods, LLMMethods, AgentMethods {
  /** Which agents worked with which, and with which tools, in all runs of this client so far. */
  agentGraph(): AgentGraph;
  /** The settings in use and where each came from; `String(client.configuration())` is one line for each. */
  configuration(): ConfigurationReport;
  /** The state of the client, for a health endpoint. */
  health(): ClientHealthReport;
  /** Hands everything that is finished to the Agent; never rejects and ends within the flush time limit. */
  flush(): Promise<FlushReport>;
  /** Flushes and closes; metrics recorded later are dropped and counted. */
  shutdown(): Promise<FlushReport>;
}
