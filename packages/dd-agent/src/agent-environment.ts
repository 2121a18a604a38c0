import type { MetricsSink, Tracing } from "@llmdevops/dd-core";

/** Narrows the tracing client to what agent spans need. */
export type AgentTracing = Pick<Tracing, "annotate" | "diagnostics" | "startSpan" | "withSpan">;

/** What every agent span of one client shares. */
export interface AgentEnvironment {
  readonly tracing: AgentTracing;
  readonly metrics: MetricsSink;
  readonly recordsContent: boolean;
}
