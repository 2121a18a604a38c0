import type { WorkSummary } from "../run/tally.ts";

/** An agent, with all that agents of its name did. */
export interface AgentNode extends WorkSummary {
  /** `agent:` and the name, so that an agent and a tool may have the same name. */
  readonly id: string;
  /** Tells agents and tools apart. */
  readonly kind: "agent";
  /** Name of the agent; `(other)` stands for all that came after 256 nodes. */
  readonly name: string;
  /** The `agentType` that an agent of this name was first started with; absent where none was given. */
  readonly type?: string;
}

/** A tool; how often it was called and how long it took stands on the edges to it. */
export interface ToolNode {
  /** `tool:` and the name. */
  readonly id: string;
  /** Tells agents and tools apart. */
  readonly kind: "tool";
  /** Name of the tool; `(other)` stands for all that came after 256 nodes. */
  readonly name: string;
}

/** What happened from one node to another, added up. */
export interface GraphEdge {
  /** The id of the node that delegated, called or handed over. */
  readonly from: string;
  /** The id of the node that was started, called or handed to. */
  readonly to: string;
  /** `delegates` to a sub-agent, `calls` a tool, `handoff`, or what `linkAgentSpans` was told. */
  readonly relationship: string;
  /** How often it happened. */
  readonly count: number;
  /** How many of them failed; 0 for a hand-off. */
  readonly errors: number;
  /** Summed durations of what was started (ms); 0 for hand-offs and links. */
  readonly durationMs: number;
  /** The model calls of a sub-agent and of those below it (USD); 0 for anything else. */
  readonly costUsd: number;
}

/** A graph as plain data. */
export interface AgentGraphData {
  /** Agents in the order in which they were met, then tools. */
  readonly nodes: readonly (AgentNode | ToolNode)[];
  /** What happened between them, at most 1,024. */
  readonly edges: readonly GraphEdge[];
  /** Times an edge was left out because there were 1,024 others. */
  readonly droppedEdges: number;
}

/** Which agents worked with which, and with which tools. At most 256 nodes; further names become `(other)`. */
export interface AgentGraph {
  /** The graph as plain data. */
  toJSON(): AgentGraphData;
  /** The graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html). */
  toMermaid(): string;
  /** The graph in Graphviz' language (https://graphviz.org/doc/info/lang.html). */
  toDot(): string;
}

/** Tells agents and tools of the same name apart. */
export function graphKey(kind: "agent" | "tool", name: string): string {
  return `${kind}:${name}`;
}
