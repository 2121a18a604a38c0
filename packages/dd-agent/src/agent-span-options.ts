import type { Span, SpanContext } from "@llmdevops/dd-core";
import type { AgentManifest } from "./agent-manifest.ts";
import type { AgentSpan } from "./agent-span.ts";
import type { RunBudget } from "./guard/run-budget.ts";

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
  /**
   * The agent that hands over to this one, or the context that came with its message; linked in both directions as
   * far as both are in this process. It is also the parent span unless `childOf` is given.
   */
  readonly handoffFrom?: AgentSpan | SpanContext;
  /** Names of agents that work together with this one, at most 64. @default [] */
  readonly collaboratingAgents?: readonly string[];
  /**
   * The parent span, or a context that came from another process; `null` starts a new trace.
   * @default parentAgentSpan, else handoffFrom, else the active span
   */
  readonly childOf?: Span | SpanContext | null;
  /** Further tags of the span; those named `agent.*` above win. @default {} */
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Groups the runs of one session in LLM Observability. @default that of the agent it comes from */
  readonly sessionId?: string;
  /** Joins runs of one conversation, also after days. @default that of the agent it comes from */
  readonly conversationId?: string;
  /** What LLM Observability shows the span as: an agent, or a workflow whose steps are fixed. @default "agent" */
  readonly kind?: "agent" | "workflow";
  /** What the agent is made of. */
  readonly manifest?: AgentManifest;
  /**
   * The limits of the run, of its outermost agent only; one that is out of its range is counted
   * (`agent_budget_invalid`) and counts as absent.
   * @default those of the client
   */
  readonly budget?: RunBudget;
  /**
   * Handed on by the `signal` of the agent and of those below it, which tools and model calls are to obey. An agent
   * that fails after it was aborted ends as `cancelled`.
   */
  readonly signal?: AbortSignal;
  /** Joins this run to one that another process began. @default that of the agent it comes from, else a new one */
  readonly runId?: string;
  /** Ends the span as failed when it is still open after this time (ms). @default never */
  readonly timeoutMs?: number;
}

/** Options of `traceAgent`. */
export interface TraceAgentOptions extends AgentSpanOptions {
  /** The span's name. @default "agent.run" */
  readonly name?: string;
}
