import { observedSpans, type SpanSource } from "./observed-span.ts";
import type { Outcome } from "./outcome.ts";
import { renderSpanTree } from "./render-span-tree.ts";
import { type SpanNode, spanTrees } from "./span-tree.ts";

/** A line of a shape: how deep, and the name. */
interface ShapeLine {
  readonly depth: number;
  readonly name: string;
}

/**
 * Whether the spans of a source form the trees that a text draws: one name a line, children indented below their
 * parent, siblings in the order of their start. Any indentation will do that is deeper than the parent's; the
 * characters of a drawn tree (`├─ └─ │`) count as indentation, so what a message shows can be pasted. A line `...`
 * stands for any number of further spans at its depth, with all that is below them.
 *
 * @throws TypeError for a shape without a line, or one that begins indented.
 */
export function checkTraceShape(source: SpanSource, shape: string): Outcome {
  const wanted = parseShape(shape);
  const spans = observedSpans(source);
  const trees = spanTrees(spans);
  const pass = matches(wanted, trees);
  const drawn = wanted.map(({ depth, name }) => `${"  ".repeat(depth)}${name}`).join("\n");
  if (pass) return { pass, message: () => `The trace has this shape:\n${drawn}` };
  return {
    pass,
    message: () => {
      const actual = trees.flatMap((tree) => shapeLines(tree, 0));
      return [
        "The trace has another shape (- expected, + found):",
        ...difference(
          wanted.map(({ depth, name }) => `${"  ".repeat(depth)}${name}`),
          actual,
        ),
        "Found in full:",
        renderSpanTree(spans),
      ].join("\n");
    },
  };
}

interface ShapeNode {
  readonly name: string;
  readonly children: readonly ShapeNode[];
}

function matches(lines: readonly ShapeLine[], trees: readonly SpanNode[]): boolean {
  return sameForest(toNodes(lines, 0), trees);
}

function sameForest(wanted: readonly ShapeNode[], found: readonly SpanNode[]): boolean {
  const [first, ...rest] = wanted;
  if (first === undefined) return found.length === 0;
  if (first.name === "...") {
    for (let skipped = 0; skipped <= found.length; skipped += 1) {
      if (sameForest(rest, found.slice(skipped))) return true;
    }
    return false;
  }
  const [node, ...others] = found;
  if (node === undefined || node.span.name !== first.name) return false;
  return sameForest(first.children, node.children) && sameForest(rest, others);
}

function toNodes(lines: readonly ShapeLine[], depth: number): ShapeNode[] {
  const nodes: ShapeNode[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined || line.depth !== depth) continue;
    const end = lines.findIndex((other, at) => at > index && other.depth <= depth);
    const below = lines.slice(index + 1, end === -1 ? undefined : end);
    nodes.push({ name: line.name, children: toNodes(below, depth + 1) });
  }
  return nodes;
}

function parseShape(shape: string): ShapeLine[] {
  const lines: ShapeLine[] = [];
  const indents: number[] = [];
  for (const text of shape.split("\n")) {
    const name = text.replace(/^[\s├└│─]+/, "").trimEnd();
    if (name === "") continue;
    const indent = text.length - text.replace(/^[\s├└│─]+/, "").length;
    while (indents.length > 0 && (indents.at(-1) ?? 0) >= indent) indents.pop();
    indents.push(indent);
    lines.push({ depth: indents.length - 1, name });
  }
  if (lines.length === 0) throw new TypeError("a trace shape needs at least one line");
  return lines;
}

function shapeLines({ span, children }: SpanNode, depth: number): string[] {
  return [
    `${"  ".repeat(depth)}${span.name}`,
    ...children.flatMap((child) => shapeLines(child, depth + 1)),
  ];
}

/** More lines are not compared one by one. */
const maximumCompared = 400;

/** The lines of both with what is only in one of them marked, by their longest common sequence. */
function difference(expected: readonly string[], found: readonly string[]): string[] {
  const left = expected.slice(0, maximumCompared);
  const right = found.slice(0, maximumCompared);
  const lengths = Array.from({ length: left.length + 1 }, () =>
    new Array<number>(right.length + 1).fill(0),
  );
  const length = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const best =
        left[i] === right[j]
          ? length(i + 1, j + 1) + 1
          : Math.max(length(i + 1, j), length(i, j + 1));
      const row = lengths[i];
      if (row !== undefined) row[j] = best;
    }
  }
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push(`  ${left[i]}`);
      i += 1;
      j += 1;
    } else if (j >= right.length || (i < left.length && length(i + 1, j) >= length(i, j + 1))) {
      lines.push(`- ${left[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${right[j]}`);
      j += 1;
    }
  }
  return lines;
}
