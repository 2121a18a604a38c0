import type { ObservedSpan } from "./observed-span.ts";
import { type SpanNode, spanTrees } from "./span-tree.ts";

/** A message with more lines than this is not read. */
const maximumLines = 60;
const maximumTextLength = 120;

/** What identifies the subject of a span, in the order of its use. */
const subjectTags: readonly string[] = ["llm.model", "agent.name", "agent.tool", "peer.service"];

/** A name from outside could otherwise move the cursor of the terminal it is printed on. */
export const controlCharacters: RegExp = /\p{Cc}+/gu;

/**
 * Draws spans as trees, one line each, for people.
 *
 * @param limit Most lines; the rest is counted. @default 60
 */
export function renderSpanTree(
  spans: readonly ObservedSpan[],
  limit: number = maximumLines,
): string {
  const lines: string[] = [];
  for (const tree of spanTrees(spans)) draw(tree, "", "", lines);
  const shown = lines.slice(0, limit);
  const more = lines.length - shown.length;
  return [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

function draw(node: SpanNode, head: string, indent: string, lines: string[]): void {
  lines.push(`${head}${describeSpan(node.span)}`);
  for (const [index, child] of node.children.entries()) {
    const isLast = index === node.children.length - 1;
    draw(child, `${indent}${isLast ? "└─ " : "├─ "}`, `${indent}${isLast ? "   " : "│  "}`, lines);
  }
}

/** One span in one line: name, resource where it says more, subject, duration, error. */
export function describeSpan({ name, resource, tags, durationMs, error }: ObservedSpan): string {
  const subject = subjectTags.map((tag) => tags[tag]).find((value) => value !== undefined);
  const parts = [
    name,
    resource === "" || resource === name ? "" : `(${resource})`,
    subject === undefined ? "" : `[${String(subject)}]`,
    `${Number(durationMs.toFixed(1))} ms`,
    error ? `ERROR ${String(tags["error.type"] ?? "")}`.trim() : "",
  ];
  return parts
    .filter((part) => part !== "")
    .map((part) =>
      part.length > maximumTextLength ? `${part.slice(0, maximumTextLength)}…` : part,
    )
    .join(" ")
    .replace(controlCharacters, " ");
}
