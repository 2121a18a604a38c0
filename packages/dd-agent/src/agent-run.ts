import { randomUUID } from "node:crypto";
import type { EdgeEvent, GraphRecorder, RecordedAgent } from "./graph/graph-recorder.ts";
import type { Activity, ActivityKind } from "./run/activity.ts";
import type { AgentOutcome } from "./run/agent-outcome.ts";
import type { RunLedger } from "./run/run-ledger.ts";
import type { Tally } from "./run/tally.ts";

const maximumLineage = 64;
const maximumSignals = 64;

/** What the parent of a run hands down. */
export interface AgentAncestry {
  readonly runId: string;
  /** Names from the outermost agent on. */
  readonly lineage: readonly string[];
}

/** How a run comes into being. */
export interface AgentRunOptions {
  readonly agentName: string;
  readonly agentType: string | undefined;
  /** The parent, also one that is not in this process. */
  readonly ancestry: AgentAncestry | undefined;
  /** The agent of this process that this one goes on from. */
  readonly parent: AgentRun | undefined;
  /** Whether that one has handed over, and not delegated. */
  readonly isHandoff: boolean;
  /** What the parent was doing. @default the whole of it */
  readonly parentActivity: Activity | undefined;
  /** @default the parent's, else a new one */
  readonly runId: string | undefined;
  /** Ends the run when the application wants it to. */
  readonly signal: AbortSignal | undefined;
  readonly sessionId: string | undefined;
  readonly conversationId: string | undefined;
}

/** What one agent shares with its steps: identity, ancestry, the step counter and what it has done. */
export class AgentRun implements AgentAncestry {
  readonly agentName: string;
  readonly runId: string;
  /** Names from the outermost agent to this one, of a deeper nesting the nearest 64. */
  readonly lineage: readonly string[];
  /** Whether it began the run in this process. */
  readonly isRoot: boolean;
  readonly sessionId: string | undefined;
  readonly conversationId: string | undefined;
  readonly ledger: RunLedger;
  readonly activity: Activity;
  readonly depth: number;
  /** Set when the run is over, or when the application has said how it ends. */
  outcome: AgentOutcome | undefined;
  hasHandedOff = false;
  /** Model calls of this agent and of the sub-agents that have ended. */
  costNanoUsd = 0;
  /** What is counted for the run, for the agent in it, and for the agent in all runs. */
  readonly tallies: readonly Tally[];
  readonly #signals: readonly AbortSignal[];
  readonly #clientGraph: GraphRecorder;
  /** The agent in the graph of the run, and in that of the client. */
  readonly #inRun: RecordedAgent;
  readonly #inClient: RecordedAgent;
  #delegator: AgentRun | undefined;
  #signal: AbortSignal | undefined;
  #steps = 0;

  constructor(
    options: AgentRunOptions,
    clientGraph: GraphRecorder,
    createLedger: (runId: string) => RunLedger,
  ) {
    const { agentName, agentType, ancestry, parent } = options;
    this.agentName = agentName;
    this.runId = options.runId ?? ancestry?.runId ?? randomUUID();
    // A copy: a chain of parents would keep every agent that ever started another.
    this.lineage =
      ancestry === undefined
        ? [agentName]
        : [...ancestry.lineage, agentName].slice(-maximumLineage);
    // Another run id given means another run.
    const within = parent?.runId === this.runId ? parent : undefined;
    this.isRoot = within === undefined;
    this.#delegator = options.isHandoff ? undefined : within;
    this.sessionId = options.sessionId;
    this.conversationId = options.conversationId;
    this.ledger = within?.ledger ?? createLedger(this.runId);
    const around = within && (options.parentActivity ?? within.activity);
    this.activity = this.ledger.begin("agent", agentName, agentName, around);
    this.depth = (within?.depth ?? 0) + (options.isHandoff && within ? 0 : 1);
    this.#clientGraph = clientGraph;
    this.#inRun = this.ledger.graph.agent(agentName, agentType);
    this.#inClient = clientGraph.agent(agentName, agentType);
    this.tallies = [this.ledger.total, this.#inRun.tally, this.#inClient.tally];
    const inherited = within?.signals ?? [];
    this.#signals =
      options.signal === undefined
        ? inherited
        : [...inherited, options.signal].slice(-maximumSignals);
  }

  /** Steps and tool calls so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Those that the application gave to this agent and those above it. */
  get signals(): readonly AbortSignal[] {
    return this.#signals;
  }

  /** Aborted when the run is to end; see `AgentSpan.signal`. */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const { guard } = this.ledger;
      const sources = guard === undefined ? this.#signals : [...this.#signals, guard.signal];
      this.#signal = sources[0] ?? new AbortController().signal;
      if (sources.length > 1) this.#signal = AbortSignal.any([...sources]);
    }
    return this.#signal;
  }

  /** Takes the next step number, from 1; concurrent steps never share one. */
  nextStep(): number {
    this.#steps += 1;
    for (const tally of this.tallies) tally.steps += 1;
    return this.#steps;
  }

  /** Counts what is not part of every step; see `tallies` for that. */
  add(field: keyof Tally, amount: number): void {
    for (const tally of this.tallies) tally[field] += amount;
  }

  /** Notes the begin of something that this agent does. */
  begin(kind: ActivityKind, name: string, within: Activity = this.activity): Activity {
    return this.ledger.begin(kind, name, this.agentName, within);
  }

  /** Notes the end of something that it did. @returns How long it took (µs). */
  end(activity: Activity): number {
    activity.end = performance.now();
    return Math.round((activity.end - activity.start) * 1e3);
  }

  /** Draws an edge between two agents in the graphs of the run and of the client. */
  connect(from: string, to: string, relationship: string, event: EdgeEvent = {}): void {
    this.ledger.graph.connectAgents(from, to, relationship, event);
    this.#clientGraph.connectAgents(from, to, relationship, event);
  }

  /** Draws an edge from this agent to a tool. */
  connectTool(tool: string, event: EdgeEvent): void {
    this.ledger.graph.connectTool(this.#inRun, tool, event);
    this.#clientGraph.connectTool(this.#inClient, tool, event);
  }

  /**
   * Tells the agent that has delegated to this one, and lets go of it: a chain of agents that each start the next
   * must not be kept by its last.
   */
  reportToDelegator(failed: boolean, durationMicros: number): void {
    const delegator = this.#delegator;
    this.#delegator = undefined;
    if (delegator === undefined) return;
    const { costNanoUsd } = this;
    delegator.costNanoUsd += costNanoUsd;
    this.connect(delegator.agentName, this.agentName, "delegates", {
      failed,
      durationMicros,
      costNanoUsd,
    });
  }

  /** Compares the run with its limits. */
  check(): void {
    this.ledger.guard?.checkTotals(this.ledger.total, this.agentName);
  }
}
