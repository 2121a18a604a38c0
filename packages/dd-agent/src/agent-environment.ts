import type { AsyncLocalStorage } from "node:async_hooks";
import type { MetricsSink, Tracing } from "@llmdevops/dd-core";
import type { RecordedAgentSpan } from "./agent-span.ts";

/** Narrows the tracing client to what agent spans need. */
export type AgentTracing = Pick<Tracing, "annotate" | "diagnostics" | "startSpan" | "withSpan">;

/** What every agent span of one client shares. */
export interface AgentEnvironment {
  readonly tracing: AgentTracing;
  readonly metrics: MetricsSink;
  readonly recordsContent: boolean;
  /** How durations are sent. */
  readonly durationMetricType: "distribution" | "histogram";
  /** The agent whose `traceAgent` call encloses the code that runs. */
  readonly activeAgent: AsyncLocalStorage<RecordedAgentSpan>;
}

/** Sends a duration since `start`, which is a reading of `performance.now()` (ms). */
export function sendDuration(
  { metrics, durationMetricType }: AgentEnvironment,
  name: string,
  start: number,
  tags: Readonly<Record<string, string | boolean>>,
): void {
  metrics[durationMetricType](name, performance.now() - start, tags);
}
