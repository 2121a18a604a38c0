import type { AgentGraphData, AgentNode, GraphEdge, ToolNode } from "./agent-graph.ts";

/** Writes a graph as a Mermaid flowchart. */
export function mermaidText({ nodes, edges }: AgentGraphData): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  return [
    "flowchart LR",
    ...nodes.map((node) => {
      const label = mermaidLabel(nodeLines(node).join("<br>"));
      return `  ${ids.get(node.id)}${node.kind === "agent" ? `["${label}"]` : `(["${label}"])`}`;
    }),
    ...edges.map((edge) => {
      const arrow = edge.relationship === "handoff" ? "-.->" : "-->";
      return `  ${ids.get(edge.from)} ${arrow}|"${mermaidLabel(edgeText(edge))}"| ${ids.get(edge.to)}`;
    }),
    "",
  ].join("\n");
}

/** Writes a graph in Graphviz' language. */
export function dotText({ nodes, edges }: AgentGraphData): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  return [
    "digraph agents {",
    "  rankdir=LR;",
    ...nodes.map((node) => {
      const label = nodeLines(node).map(dotLabel).join("\\n");
      const shape = node.kind === "agent" ? "box" : "ellipse";
      return `  ${ids.get(node.id)} [shape=${shape}, label="${label}"];`;
    }),
    ...edges.map((edge) => {
      const style = edge.relationship === "handoff" ? ", style=dashed" : "";
      return `  ${ids.get(edge.from)} -> ${ids.get(edge.to)} [label="${dotLabel(edgeText(edge))}"${style}];`;
    }),
    "}",
    "",
  ].join("\n");
}

function nodeLines(node: AgentNode | ToolNode): string[] {
  if (node.kind === "tool") return [node.name];
  const { name, agents, totalTokens, costUsd } = node;
  const spent = totalTokens === 0 ? [] : [`${totalTokens} tokens, ${dollars(costUsd)}`];
  return [name, `${agents} ${agents === 1 ? "run" : "runs"}`, ...spent];
}

function edgeText({ relationship, count, errors, durationMs }: GraphEdge): string {
  const parts = [`${relationship} ×${count}`];
  if (durationMs > 0) parts.push(`${(durationMs / count).toFixed(1)} ms`);
  if (errors > 0) parts.push(`${errors} failed`);
  return parts.join(", ");
}

function dollars(amount: number): string {
  return `$${amount.toFixed(6)}`;
}

/** Mermaid takes entity codes with a hash sign; everything that could end the label or become markup is one. */
function mermaidLabel(text: string): string {
  return text
    .split("<br>")
    .map((line) =>
      line.replace(/[^\p{L}\p{N} .,:;/()$×+_-]/gu, (character) => `#${character.codePointAt(0)};`),
    )
    .join("<br>");
}

function dotLabel(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replace(/\p{Cc}/gu, " ");
}
