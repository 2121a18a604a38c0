import { type Span, type SpanContext, SpanDecorator } from "@llmdevops/dd-core";
import type { AgentRun } from "./agent-run.ts";

/** How an agent span is started. */
export interface AgentSpanOptions {
  /** The agent's name, with few different values, for example `researcher`. */
  readonly agentName: string;
  /** The kind of agent, for example `router`, `planner`, `collaborative`. */
  readonly agentType?: string;
  /** The agent that started this one; also the parent span unless `childOf` is given. */
  readonly parentAgentSpan?: AgentSpan;
  /** Agents that work together with this one. */
  readonly collaboratingAgents?: readonly string[];
  /** @default parentAgentSpan, else the active span */
  readonly childOf?: Span | SpanContext | null;
  readonly tags?: Readonly<Record<string, unknown>>;
  /** Groups the runs of one conversation. */
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

/** A span of one run of an agent. No method throws. */
export interface AgentSpan extends Span {
  readonly agentName: string;
  /** Identifies the run this agent is part of, also across processes. */
  readonly runId: string;
  /** Steps taken so far. */
  readonly steps: number;
  /** Records what the agent was asked, as far as LLM Observability is enabled and `recordContent` is on. */
  setInput(input: unknown): this;
  setOutput(output: unknown): this;
}

/** An agent span in the making. */
export class RecordedAgentSpan extends SpanDecorator implements AgentSpan {
  readonly agentName: string;
  readonly run: AgentRun;
  readonly #annotate: (field: "inputData" | "outputData", value: unknown) => void;

  constructor(
    span: Span,
    agentName: string,
    run: AgentRun,
    annotate: (field: "inputData" | "outputData", value: unknown) => void,
  ) {
    super(span);
    this.agentName = agentName;
    this.run = run;
    this.#annotate = annotate;
  }

  get runId(): string {
    return this.run.runId;
  }

  get steps(): number {
    return this.run.steps;
  }

  setInput(input: unknown): this {
    this.#annotate("inputData", input);
    return this;
  }

  setOutput(output: unknown): this {
    this.#annotate("outputData", output);
    return this;
  }
}
