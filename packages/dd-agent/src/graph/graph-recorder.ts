import { emptyTally, summarizeTally, type Tally } from "../run/tally.ts";
import { type AgentGraph, type AgentGraphData, type GraphEdge, graphKey } from "./agent-graph.ts";
import { dotText, mermaidText } from "./graph-text.ts";

const maximumNodes = 256;
const maximumEdges = 1_024;
/** Stands for agents or tools beyond the limit. */
const otherName = "(other)";

/** An agent in a graph. */
export interface RecordedAgent {
  /** That of many agents, where there are too many to tell them apart. */
  readonly name: string;
  /** Where the work of the agents of the name is counted. */
  readonly tally: Tally;
  type: string | undefined;
  /** The edges to its tools, by their names. */
  readonly calls: Map<string, RecordedEdge>;
}

interface RecordedEdge {
  readonly from: string;
  readonly to: string;
  readonly relationship: string;
  count: number;
  errors: number;
  durationMicros: number;
  costNanoUsd: number;
}

/** What happened on the way from one node to another. */
export interface EdgeEvent {
  readonly failed?: boolean;
  readonly durationMicros?: number;
  readonly costNanoUsd?: number;
}

/** Gathers the graph of one run, or of all runs of a client. At most 256 nodes and 1,024 edges. */
export class GraphRecorder implements AgentGraph {
  readonly #agents = new Map<string, RecordedAgent>();
  readonly #tools = new Set<string>();
  readonly #edges = new Map<string, RecordedEdge>();
  #droppedEdges = 0;

  /** The agent of a name, new where it has not been met. */
  agent(name: string, type?: string): RecordedAgent {
    const known = this.#agents.get(name);
    if (known !== undefined) {
      known.type ??= type;
      return known;
    }
    if (this.#isFull() && name !== otherName) return this.agent(otherName);
    const agent = { name, tally: emptyTally(), type, calls: new Map() };
    this.#agents.set(name, agent);
    return agent;
  }

  /** An agent was started, was handed to or worked with by another one. */
  connectAgents(from: string, to: string, relationship: string, event: EdgeEvent = {}): void {
    const keyOf = (name: string) => graphKey("agent", this.agent(name).name);
    this.#connect(keyOf(from), keyOf(to), relationship, event);
  }

  /** An agent of this graph has called a tool. */
  connectTool({ name, calls }: RecordedAgent, toolName: string, event: EdgeEvent): void {
    const known = calls.get(toolName);
    if (known !== undefined) {
      count(known, event);
      return;
    }
    let tool = toolName;
    if (!this.#tools.has(tool)) {
      if (this.#isFull()) tool = otherName;
      this.#tools.add(tool);
    }
    const edge = this.#connect(graphKey("agent", name), graphKey("tool", tool), "calls", event);
    // There are no more of them than edges.
    if (edge !== undefined && tool === toolName) calls.set(tool, edge);
  }

  toJSON(): AgentGraphData {
    const agents = [...this.#agents].map(([name, { tally, type }]) => ({
      id: graphKey("agent", name),
      kind: "agent" as const,
      name,
      ...(type === undefined ? {} : { type }),
      ...summarizeTally(tally),
    }));
    const tools = [...this.#tools].map((name) => ({
      id: graphKey("tool", name),
      kind: "tool" as const,
      name,
    }));
    const edges = [...this.#edges.values()].map(publicEdge);
    return { nodes: [...agents, ...tools], edges, droppedEdges: this.#droppedEdges };
  }

  toMermaid(): string {
    return mermaidText(this.toJSON());
  }

  toDot(): string {
    return dotText(this.toJSON());
  }

  /** The tallies by agent, in the order in which the agents were met. */
  agentTallies(): (readonly [name: string, tally: Tally])[] {
    return [...this.#agents].map(([name, { tally }]) => [name, tally] as const);
  }

  #isFull(): boolean {
    return this.#agents.size + this.#tools.size >= maximumNodes;
  }

  #connect(
    from: string,
    to: string,
    relationship: string,
    event: EdgeEvent,
  ): RecordedEdge | undefined {
    const key = `${from}\n${to}\n${relationship}`;
    let edge = this.#edges.get(key);
    if (edge === undefined) {
      if (this.#edges.size >= maximumEdges) {
        this.#droppedEdges += 1;
        return undefined;
      }
      edge = { from, to, relationship, count: 0, errors: 0, durationMicros: 0, costNanoUsd: 0 };
      this.#edges.set(key, edge);
    }
    count(edge, event);
    return edge;
  }
}

function count(edge: RecordedEdge, { failed, durationMicros, costNanoUsd }: EdgeEvent): void {
  edge.count += 1;
  if (failed === true) edge.errors += 1;
  edge.durationMicros += durationMicros ?? 0;
  edge.costNanoUsd += costNanoUsd ?? 0;
}

function publicEdge({ durationMicros, costNanoUsd, ...edge }: RecordedEdge): GraphEdge {
  return { ...edge, durationMs: durationMicros / 1e3, costUsd: costNanoUsd / 1e9 };
}
