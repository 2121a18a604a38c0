import { type Span, SpanDecorator } from "@llmdevops/dd-core";
import type { AgentTracing } from "./agent-environment.ts";
import type { AgentAncestry, AgentRun } from "./agent-run.ts";

/** A span of one run of an agent. No method throws. */
export interface AgentSpan extends Span {
  readonly agentName: string;
  /** Identifies the run this agent is part of, also across processes. */
  readonly runId: string;
  /** Steps and tool calls so far. */
  readonly steps: number;
  /** Records what the agent was asked in LLM Observability, redacted, where `recordContent` is on. */
  setInput(input: unknown): this;
  /** Records what the agent answered, as `setInput` does. */
  setOutput(output: unknown): this;
}

/** An agent span in the making. */
export class RecordedAgentSpan extends SpanDecorator implements AgentSpan {
  readonly agentName: string;
  readonly run: AgentRun;
  readonly #tracing: AgentTracing | undefined;

  /** @param contentTracing Where inputs and outputs are recorded, if they are. */
  constructor(
    span: Span,
    agentName: string,
    run: AgentRun,
    contentTracing: AgentTracing | undefined,
  ) {
    super(span);
    this.agentName = agentName;
    this.run = run;
    this.#tracing = contentTracing;
  }

  get runId(): string {
    return this.run.runId;
  }

  get steps(): number {
    return this.run.steps;
  }

  setInput(input: unknown): this {
    this.#tracing?.annotate(this, { inputData: input });
    return this;
  }

  setOutput(output: unknown): this {
    this.#tracing?.annotate(this, { outputData: output });
    return this;
  }
}

/** What is known of the agent that a span was given for. */
export interface AgentIdentity extends AgentAncestry {
  readonly agentName: string;
  readonly spanId: string;
  /** Absent for an agent span of another copy of this package, whose steps are counted there. */
  readonly run: AgentRun | undefined;
}

/** Reads an agent span; `undefined` for what is none, which only untyped code can pass. */
export function agentIdentity(agentSpan: unknown): AgentIdentity | undefined {
  if (agentSpan instanceof RecordedAgentSpan) {
    const { agentName, runId, spanId, run } = agentSpan;
    return { agentName, runId, spanId, run, lineage: run.lineage };
  }
  try {
    const { agentName, runId, spanId } = agentSpan as Partial<AgentSpan>;
    const isAgentSpan =
      typeof agentName === "string" && typeof runId === "string" && typeof spanId === "string";
    return isAgentSpan
      ? { agentName, runId, spanId, run: undefined, lineage: [agentName] }
      : undefined;
  } catch {
    return undefined;
  }
}
