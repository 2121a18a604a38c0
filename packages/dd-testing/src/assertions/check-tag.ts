import { type ExpectedValue, isExpected, showExpected } from "./expected-value.ts";
import { nearestText } from "./nearest-text.ts";
import { observedSpans, type SpanSource } from "./observed-span.ts";
import type { Outcome } from "./outcome.ts";
import { describeSpan } from "./render-span-tree.ts";

/**
 * Whether a span carries a tag, with a value if one is given. Of a source with several spans, one has to.
 */
export function checkTag(source: SpanSource, tag: string, expected?: ExpectedValue): Outcome {
  const spans = observedSpans(source);
  const values = spans.map((span) => (Object.hasOwn(span.tags, tag) ? span.tags[tag] : undefined));
  const pass = values.some((value) =>
    expected === undefined ? value !== undefined : isExpected(value, expected),
  );
  const wanted = expected === undefined ? tag : `${tag}=${showExpected(expected)}`;
  if (pass) return { pass, message: () => `The tag ${wanted} is there.` };
  const message = (): string => {
    const others = spans.flatMap((span, index) =>
      values[index] === undefined
        ? []
        : [`${describeSpan(span)} has ${showExpected(values[index])}`],
    );
    if (others.length > 0)
      return [`No span has the tag ${wanted}.`, ...others.slice(0, 20)].join("\n");
    const names = spans.flatMap((span) => Object.keys(span.tags));
    const nearest = nearestText(tag, names);
    const hint = nearest === undefined ? "" : ` Nearest: ${nearest}.`;
    const listed = [...new Set(names)].sort().slice(0, 60).join(", ");
    return `No span has the tag ${wanted}.${hint}\nTags: ${listed || "none"}`;
  };
  return { pass, message };
}
