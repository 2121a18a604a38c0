import { type Span, SpanDecorator } from "@llmdevops/dd-core";
import type { AgentTracing } from "./agent-environment.ts";
import type { AgentAncestry, AgentRun } from "./agent-run.ts";
import type { AgentGraph } from "./graph/agent-graph.ts";
import { type ModelCall, recordModelCall } from "./model-call.ts";
import type { Activity } from "./run/activity.ts";
import { type AgentOutcome, isAgentOutcome } from "./run/agent-outcome.ts";
import { type RunSummary, summarizeRun } from "./run/run-summary.ts";

/** A span of one run of an agent. No method throws. */
export interface AgentSpan extends Span {
  /** Name of the agent as tags and metrics show it: at most 200 characters, `unknown` where none was given. */
  readonly agentName: string;
  /** Identifies the run this agent is part of, also across processes. */
  readonly runId: string;
  /** Steps, tool calls and waits so far. */
  readonly steps: number;
  /** How the agent ended; before that, what `setOutcome` was told. */
  readonly outcome: AgentOutcome | undefined;
  /**
   * Aborted when the run has passed a limit of a budget whose action is `abort`, with an `AgentBudgetError` as the
   * reason, and when the `signal` of this agent or one above it is. Pass it to model calls and tools.
   */
  readonly signal: AbortSignal;
  /** Whether inputs and outputs are recorded, as `recordContent` says. */
  readonly recordsContent: boolean;
  /** Records what the agent was asked in LLM Observability, redacted, where `recordContent` is on. */
  setInput(input: unknown): this;
  /** Records what the agent answered, as `setInput` does. */
  setOutput(output: unknown): this;
  /** Says how the agent ends. @default found out from errors, limits, signals and hand-offs */
  setOutcome(outcome: AgentOutcome): this;
  /**
   * Counts a model call that no LLM span of the same client stands for, for example one that an agent framework
   * made and reports afterwards.
   */
  recordModelCall(call: ModelCall): this;
  /** What the whole run has done so far in this process. */
  summary(): RunSummary;
  /** The agents and tools of the whole run so far in this process. */
  graph(): AgentGraph;
}

/** For whom something is done, and as part of what. */
export class AgentScope {
  readonly run: AgentRun;
  readonly agentSpan: AgentSpan;
  readonly activity: Activity;

  constructor(run: AgentRun, agentSpan: AgentSpan, activity: Activity) {
    this.run = run;
    this.agentSpan = agentSpan;
    this.activity = activity;
  }
}

/** A span that belongs to an agent of this process, if any: what names it as a parent does too. */
export class ScopedSpan extends SpanDecorator {
  readonly scope: AgentScope | undefined;

  constructor(span: Span, scope: AgentScope | undefined) {
    super(span);
    this.scope = scope;
  }
}

/** An agent span in the making. */
export class RecordedAgentSpan extends SpanDecorator implements AgentSpan {
  readonly agentName: string;
  readonly run: AgentRun;
  readonly scope: AgentScope;
  readonly #span: Span;
  readonly #tracing: AgentTracing;
  readonly recordsContent: boolean;
  readonly #root: RecordedAgentSpan | undefined;

  /** @param root The outermost agent of the run. @default this one */
  constructor(
    span: Span,
    run: AgentRun,
    tracing: AgentTracing,
    recordsContent: boolean,
    root: RecordedAgentSpan | undefined,
  ) {
    super(span);
    this.#span = span;
    this.agentName = run.agentName;
    this.run = run;
    this.scope = new AgentScope(run, this, run.activity);
    this.#tracing = tracing;
    this.recordsContent = recordsContent;
    this.#root = root;
  }

  /** What the spans of an agent's steps and tools are started below; the tracer finds it quicker than the agent's. */
  static parentOf(agentSpan: AgentSpan): Span {
    return isRecordedAgentSpan(agentSpan) ? agentSpan.#span : agentSpan;
  }

  get root(): RecordedAgentSpan {
    return this.#root ?? this;
  }

  get runId(): string {
    return this.run.runId;
  }

  get steps(): number {
    return this.run.steps;
  }

  get outcome(): AgentOutcome | undefined {
    return this.run.outcome;
  }

  get signal(): AbortSignal {
    return this.run.signal;
  }

  setInput(input: unknown): this {
    if (this.recordsContent) this.#tracing.annotate(this, { inputData: input });
    return this;
  }

  setOutput(output: unknown): this {
    if (this.recordsContent) this.#tracing.annotate(this, { outputData: output });
    return this;
  }

  setOutcome(outcome: AgentOutcome): this {
    if (this.finished) this.#tracing.diagnostics.count("span_changed_after_finish");
    else if (isAgentOutcome(outcome)) this.run.outcome = outcome;
    else this.#tracing.diagnostics.count("agent_outcome_invalid");
    return this;
  }

  recordModelCall(call: ModelCall): this {
    try {
      recordModelCall(this.run, call);
    } catch {
      this.#tracing.diagnostics.count("agent_model_call_invalid");
    }
    return this;
  }

  summary(): RunSummary {
    const { runId, ledger, activity, outcome } = this.root.run;
    return summarizeRun(ledger, runId, activity, activity.end === undefined ? undefined : outcome);
  }

  graph(): AgentGraph {
    return this.run.ledger.graph;
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
  if (isRecordedAgentSpan(agentSpan)) {
    const { spanId, run } = agentSpan;
    return { agentName: run.agentName, runId: run.runId, spanId, run, lineage: run.lineage };
  }
  // The usual case; what is thrown and caught takes as long as a whole span.
  if (agentSpan === undefined || agentSpan === null) return undefined;
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

/** Whose step or tool it is: like `agentIdentity`, without the span's id, which takes time to write out. */
export function agentOf(
  agentSpan: unknown,
): { readonly agentName: string; readonly runId: string } | undefined {
  return isRecordedAgentSpan(agentSpan) ? agentSpan.run : agentIdentity(agentSpan);
}

/** The agent that a span belongs to: its own, or that of a step or tool. */
export function scopeOf(span: unknown): AgentScope | undefined {
  try {
    return span instanceof RecordedAgentSpan || span instanceof ScopedSpan ? span.scope : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is an agent's span of ours; a proxy may refuse to say what it is. */
function isRecordedAgentSpan(value: unknown): value is RecordedAgentSpan {
  try {
    return value instanceof RecordedAgentSpan;
  } catch {
    return false;
  }
}
