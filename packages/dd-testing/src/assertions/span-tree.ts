import type { ObservedSpan } from "./observed-span.ts";

/** A span with the spans below it. */
export interface SpanNode {
  readonly span: ObservedSpan;
  readonly children: readonly SpanNode[];
}

/**
 * Orders spans into trees: a span whose parent is not there is a root, and so is one that is its own ancestor.
 * Siblings keep the order of their start, then of the source.
 */
export function spanTrees(spans: readonly ObservedSpan[]): SpanNode[] {
  const childrenOf = new Map<string, ObservedSpan[]>();
  const ids = new Set(spans.map(keyOf));
  const roots: ObservedSpan[] = [];
  for (const span of spans) {
    const parent = `${span.traceIdHex.slice(16)}/${span.parentId}`;
    if (!ids.has(parent) || parent === keyOf(span)) roots.push(span);
    else childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), span]);
  }
  const built = new Set<ObservedSpan>();
  const build = (span: ObservedSpan): SpanNode => {
    built.add(span);
    const children = (childrenOf.get(keyOf(span)) ?? []).filter((child) => !built.has(child));
    return { span, children: children.sort(byStart).map(build) };
  };
  const trees = roots.sort(byStart).map(build);
  // What is left hangs in a circle, which hostile or doubled ids can make.
  for (const span of spans) if (!built.has(span)) trees.push(build(span));
  return trees;
}

function keyOf({ traceIdHex, spanId }: ObservedSpan): string {
  return `${traceIdHex.slice(16)}/${spanId}`;
}

function byStart(left: ObservedSpan, right: ObservedSpan): number {
  return left.startTime - right.startTime;
}
