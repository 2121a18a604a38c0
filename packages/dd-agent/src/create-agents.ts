import { AsyncLocalStorage } from "node:async_hooks";
import {
  type CoreOptions,
  createTracing,
  discardingMetricsSink,
  type MetricsSink,
} from "@llmdevops/dd-core";
import type { AgentTracing } from "./agent-environment.ts";
import { Agents } from "./agents.ts";
import { GraphRecorder } from "./graph/graph-recorder.ts";
import { type RunBudget, resolveBudget } from "./guard/run-budget.ts";
import { GuardedMetricsSink } from "./guarded-metrics-sink.ts";

/** Options of {@link createAgents}. */
export interface AgentsOptions extends CoreOptions {
  /** The tracing client to use. @default a new one from the other options */
  readonly tracing?: AgentTracing;
  /** Where metrics go. @default nowhere */
  readonly metrics?: MetricsSink;
  /**
   * Records the inputs and outputs of agents and tools in LLM Observability, redacted. @default false
   */
  readonly recordContent?: boolean;
  /**
   * How durations are sent. The percentiles of a histogram hold for one host only.
   * @default "distribution"
   */
  readonly durationMetricType?: "distribution" | "histogram";
  /** The limits of runs that bring none of their own. @default none */
  readonly budget?: RunBudget;
}

/**
 * Creates the agent client: runs, steps and tools as APM spans, LLM Observability spans and metrics.
 *
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong; nothing throws later.
 * @example
 * ```ts
 * import { createAgents } from "@llmdevops/dd-agent";
 *
 * const agents = createAgents({ service: "assistant" });
 * await agents.traceAgent({ agentName: "researcher" }, async (agent) => {
 *   await agents.traceToolCall(agent, "search", { query: "refunds" }, () => search("refunds"));
 * });
 * ```
 */
export function createAgents(options: AgentsOptions = {}): Agents {
  const budget = options.budget === undefined ? undefined : resolveBudget(options.budget);
  const tracing = options.tracing ?? createTracing(options);
  return new Agents({
    tracing,
    metrics: new GuardedMetricsSink(options.metrics ?? discardingMetricsSink, tracing.diagnostics),
    recordsContent: options.recordContent === true,
    durationMetricType: options.durationMetricType === "histogram" ? "histogram" : "distribution",
    activeAgent: new AsyncLocalStorage(),
    budget,
    graph: new GraphRecorder(),
  });
}
