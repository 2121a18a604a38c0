import { AsyncLocalStorage } from "node:async_hooks";
import {
  type CoreOptions,
  createTracing,
  discardingMetricsSink,
  type MetricsSink,
} from "@llmdevops/dd-core";
import {
  foundationFor,
  hasMethod,
  type OptionPath,
  readOptions,
  refused,
  reportUnknown,
} from "@llmdevops/dd-core/options";
import type { AgentEnvironment, AgentTracing } from "./agent-environment.ts";
import { Agents } from "./agents.ts";
import { agentsOptionNames } from "./agents-option-names.ts";
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
 * @param given See {@link AgentsOptions}; what is unknown has no effect, and is warned of once.
 * @param pathOf What errors call an option, where another client's options hold these. @default its name here
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
export function createAgents(
  given: AgentsOptions = {},
  pathOf: OptionPath = (name) => name,
): Agents {
  const read = readOptions<AgentsOptions>(given, agentsOptionNames);
  const { options, unknown } = read;
  const budget =
    options.budget === undefined ? undefined : resolveBudget(options.budget, pathOf("budget"));
  const settings = checkedSettings(options, pathOf);
  const { tracing = createTracing({}, foundationFor(read)) } = options;
  if (!hasMethod(tracing, "startSpan")) {
    throw refused({ option: "tracing", expected: "a client of createTracing", given: tracing });
  }
  if (options.tracing !== undefined) reportUnknown(unknown, tracing.diagnostics);
  return new Agents({
    ...settings,
    tracing,
    metrics: new GuardedMetricsSink(options.metrics ?? discardingMetricsSink, tracing.diagnostics),
    activeAgent: new AsyncLocalStorage(),
    budget,
    graph: new GraphRecorder(),
  });
}

function checkedSettings(
  { recordContent = false, durationMetricType = "distribution", metrics }: AgentsOptions,
  pathOf: OptionPath,
): Pick<AgentEnvironment, "recordsContent" | "durationMetricType"> {
  if (typeof recordContent !== "boolean") {
    const option = pathOf("recordContent");
    throw refused({ option, expected: "true or false", given: recordContent });
  }
  if (durationMetricType !== "distribution" && durationMetricType !== "histogram") {
    const option = pathOf("durationMetricType");
    throw refused({ option, expected: '"distribution" or "histogram"', given: durationMetricType });
  }
  const missing =
    metrics && ["increment", durationMetricType].find((it) => !hasMethod(metrics, it));
  if (missing !== undefined) {
    const expected = `a metrics client that has the method ${missing}`;
    throw refused({ option: pathOf("metrics"), expected, given: metrics });
  }
  return { recordsContent: recordContent, durationMetricType };
}
