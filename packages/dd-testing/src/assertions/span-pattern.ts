import { type ExpectedValue, isExpected, showExpected } from "./expected-value.ts";
import type { ObservedSpan } from "./observed-span.ts";

/** What a span has to look like; what is left out does not matter. */
export interface SpanPattern {
  /** The exact operation name, or an expression found in it. */
  readonly name?: string | RegExp;
  /** The exact service, or an expression found in it. */
  readonly service?: string | RegExp;
  /** The exact resource, or an expression found in it. */
  readonly resource?: string | RegExp;
  /** The exact span type such as `llm`, or an expression found in it. */
  readonly type?: string | RegExp;
  /** Whether it failed. */
  readonly error?: boolean;
  /** Tags that must be there: a value, a pattern or a predicate. */
  readonly tags?: Readonly<Record<string, ExpectedValue>>;
}

const textFields = ["name", "service", "resource", "type"] as const;
const fields: readonly string[] = [...textFields, "error", "tags"];

/**
 * A pattern in full; a text or a regular expression alone is the name.
 *
 * @throws TypeError for a field that does not exist: the pattern would match whatever it says.
 */
export function toSpanPattern(pattern: string | RegExp | SpanPattern): SpanPattern {
  if (typeof pattern === "string" || pattern instanceof RegExp) return { name: pattern };
  if (typeof pattern !== "object" || pattern === null) {
    throw new TypeError("a span pattern is a name, a regular expression or an object");
  }
  const unknown = Object.keys(pattern).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    throw new TypeError(`a span pattern has no field ${unknown}; known are ${fields.join(", ")}`);
  }
  return pattern;
}

/** What keeps a span from matching, one sentence each; empty when it matches. */
export function mismatches(span: ObservedSpan, pattern: SpanPattern): string[] {
  const found: string[] = [];
  const compare = (label: string, value: unknown, expected: ExpectedValue): void => {
    if (isExpected(value, expected)) return;
    const shown = value === undefined ? "is not set" : `is ${showExpected(value)}`;
    found.push(`${label} ${shown}, expected ${showExpected(expected)}`);
  };
  for (const field of textFields) {
    const expected = pattern[field];
    if (expected !== undefined) compare(field, span[field], expected);
  }
  if (pattern.error !== undefined) compare("error", span.error, pattern.error);
  for (const [tag, expected] of Object.entries(pattern.tags ?? {})) {
    compare(`tag ${tag}`, Object.hasOwn(span.tags, tag) ? span.tags[tag] : undefined, expected);
  }
  return found;
}

/** A pattern in a message. */
export function showPattern({ tags, ...pattern }: SpanPattern): string {
  const parts = Object.entries(pattern).map(([field, value]) => `${field} ${showExpected(value)}`);
  const shownTags = Object.entries(tags ?? {}).map(
    ([tag, value]) => `${tag}=${showExpected(value)}`,
  );
  return [...parts, ...shownTags].join(", ") || "any";
}
