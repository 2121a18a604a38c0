import type { WorkSummary } from "../run/tally.ts";

/** An agent, with all that agents of its name did. */
export interface AgentNode extends WorkSummary {
  readonly id: string;
  readonly kind: "agent";
  readonly name: string;
  readonly type?: string;
}

/** A tool; how often it was called and how long it took stands on the edges to it. */
export interface ToolNode {
  readonly id: string;
  readonly kind: "tool";
  readonly name: string;
}

/** What happened from one node to another, added up. */
export interface GraphEdge {
  /** The id of a node. */
  readonly from: string;
  readonly to: string;
  /** `delegates` to a sub-agent, `calls` a tool, `handoff`, or what `linkAgentSpans` was told. */
  readonly relationship: string;
  readonly count: number;
  readonly errors: number;
  /** Summed durations of what was started (ms); 0 for a hand-off. */
  readonly durationMs: number;
  /** The model calls of a sub-agent and of those below it (USD). */
  readonly costUsd: number;
}

/** A graph as plain data. */
export interface AgentGraphData {
  readonly nodes: readonly (AgentNode | ToolNode)[];
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
