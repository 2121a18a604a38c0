import type { Span, SpanContext } from "@llmdevops/dd-core";
import type { AgentSpan } from "./agent-span.ts";

/** How an agent span is started. */
export interface AgentSpanOptions {
  /** The agent's name, with few different values, for example `researcher`: it becomes a tag of metrics. */
  readonly agentName: string;
  /** The kind of agent, for example `router`, `planner`, `collaborative`. */
  readonly agentType?: string;
  /**
   * The agent that started this one; also the parent span unless `childOf` is given.
   * @default the agent of the enclosing `traceAgent`, unless `childOf` is given
   */
  readonly parentAgentSpan?: AgentSpan;
  /** Names of agents that work together with this one, at most 64. @default [] */
  readonly collaboratingAgents?: readonly string[];
  /**
   * The parent span, or a context that came from another process; `null` starts a new trace.
   * @default parentAgentSpan, else the active span
   */
  readonly childOf?: Span | SpanContext | null;
  /** Further tags of the span; those named `agent.*` above win. @default {} */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Groups the runs of one conversation in LLM Observability. */
  readonly sessionId?: string;
  /** Joins this run to one that another process began. @default the parent agent's run, else a new one */
  readonly runId?: string;
  /** Ends the span as failed when it is still open after this time (ms). @default never */
  readonly timeoutMs?: number;
}

/** Options of `traceAgent`. */
export interface TraceAgentOptions extends AgentSpanOptions {
  /** The span's name. @default "agent.run" */
  readonly name?: string;
}
