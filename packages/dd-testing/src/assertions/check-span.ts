import { nearestText } from "./nearest-text.ts";
import { type ObservedSpan, observedSpans, type SpanSource } from "./observed-span.ts";
import type { Outcome } from "./outcome.ts";
import { describeSpan, renderSpanTree } from "./render-span-tree.ts";
import { mismatches, type SpanPattern, showPattern, toSpanPattern } from "./span-pattern.ts";

/** Whether one span of a source matches. */
export function checkSpan(source: SpanSource, wanted: string | RegExp | SpanPattern): Outcome {
  const pattern = toSpanPattern(wanted);
  const spans = observedSpans(source);
  const match = spans.find((span) => mismatches(span, pattern).length === 0);
  if (match !== undefined) {
    return {
      pass: true,
      message: () => `There is a span with ${showPattern(pattern)}:\n${describeSpan(match)}`,
    };
  }
  return {
    pass: false,
    message: () =>
      [`No span with ${showPattern(pattern)}.`, explain(spans, pattern), showSpans(spans)].join(
        "\n",
      ),
  };
}

/** Whether one span of a source matches `parent`, and one directly below it matches `child`. */
export function checkChildSpan(
  source: SpanSource,
  parent: string | RegExp | SpanPattern,
  child: string | RegExp | SpanPattern,
): Outcome {
  const parentPattern = toSpanPattern(parent);
  const childPattern = toSpanPattern(child);
  const spans = observedSpans(source);
  const parents = spans.filter((span) => mismatches(span, parentPattern).length === 0);
  const below = spans.filter((span) => parents.some((candidate) => isChild(span, candidate)));
  const match = below.find((span) => mismatches(span, childPattern).length === 0);
  const wanted = `a span with ${showPattern(childPattern)} below one with ${showPattern(parentPattern)}`;
  if (match !== undefined) {
    return { pass: true, message: () => `There is ${wanted}:\n${describeSpan(match)}` };
  }
  const reason = () => {
    if (parents.length === 0) return `There is no such parent. ${explain(spans, parentPattern)}`;
    const elsewhere = spans.find((span) => mismatches(span, childPattern).length === 0);
    const actual = spans.find((span) => elsewhere !== undefined && isChild(elsewhere, span));
    if (elsewhere === undefined) return `There is no such child. ${explain(below, childPattern)}`;
    return actual === undefined
      ? `${describeSpan(elsewhere)} matches, but has no parent here.`
      : `${describeSpan(elsewhere)} matches, but its parent is ${describeSpan(actual)}.`;
  };
  return {
    pass: false,
    message: () => [`There is not ${wanted}.`, reason(), showSpans(spans)].join("\n"),
  };
}

/** All spans of a source in a message. */
function showSpans(spans: readonly ObservedSpan[]): string {
  return spans.length === 0 ? "There are no finished spans." : `Spans:\n${renderSpanTree(spans)}`;
}

function isChild(span: ObservedSpan, parent: ObservedSpan): boolean {
  return (
    span.parentId === parent.spanId && span.traceIdHex.slice(16) === parent.traceIdHex.slice(16)
  );
}

/** The span that comes nearest, and what it lacks. */
function explain(spans: readonly ObservedSpan[], pattern: SpanPattern): string {
  const name = typeof pattern.name === "string" ? pattern.name : undefined;
  const named =
    name === undefined
      ? undefined
      : nearestText(
          name,
          spans.map((span) => span.name),
        );
  const candidates = named === undefined ? spans : spans.filter((span) => span.name === named);
  const [nearest] = candidates
    .map((span) => ({ span, lacks: mismatches(span, pattern) }))
    .sort((left, right) => left.lacks.length - right.lacks.length);
  if (nearest === undefined) return "Nothing comes near it.";
  return `Nearest: ${describeSpan(nearest.span)}\n${nearest.lacks.map((lack) => `  ${lack}`).join("\n")}`;
}
