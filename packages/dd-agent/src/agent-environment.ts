import type { AsyncLocalStorage } from "node:async_hooks";
import type { Diagnostics, MetricsSink, Tracing } from "@llmdevops/dd-core";
import type { AgentScope } from "./agent-span.ts";
import type { GraphRecorder } from "./graph/graph-recorder.ts";
import type { ResolvedBudget } from "./guard/run-budget.ts";

/** Narrows the tracing client to what agent spans need. */
export type AgentTracing = Pick<
  Tracing,
  "annotate" | "diagnostics" | "getCurrentSpan" | "startSpan" | "withSpan"
>;

/** What every agent span of one client shares. */
export interface AgentEnvironment {
  readonly tracing: AgentTracing;
  readonly metrics: MetricsSink;
  readonly recordsContent: boolean;
  /** How durations are sent. */
  readonly durationMetricType: "distribution" | "histogram";
  /** The agent for which the running code works; {@link activeScope} also tells what it does for it. */
  readonly activeAgent: AsyncLocalStorage<AgentScope>;
  /** The limits of runs that bring none of their own. */
  readonly budget: ResolvedBudget | undefined;
  /** All runs of the client. */
  readonly graph: GraphRecorder;
}

/** Sends a time (ms). */
export function sendTime(
  { metrics, durationMetricType }: AgentEnvironment,
  name: string,
  milliseconds: number,
  tags: Readonly<Record<string, string | boolean>>,
): void {
  metrics[durationMetricType](name, milliseconds, tags);
}

/** Runs a function of the application; what it throws is counted and goes no further. */
export function callApplication(diagnostics: Diagnostics, call: () => void): void {
  try {
    call();
  } catch {
    diagnostics.count("agent_callback_threw");
  }
}
