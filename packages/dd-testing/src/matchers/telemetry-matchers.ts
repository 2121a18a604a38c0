import { type CostExpectation, checkCost } from "../assertions/check-cost.ts";
import { checkMetric, type MetricPattern, type MetricSource } from "../assertions/check-metric.ts";
import { checkNoSecrets, type NoSecretsOptions } from "../assertions/check-no-secrets.ts";
import { checkChildSpan, checkSpan } from "../assertions/check-span.ts";
import { checkTag } from "../assertions/check-tag.ts";
import { checkTraceShape } from "../assertions/check-trace-shape.ts";
import type { ExpectedValue } from "../assertions/expected-value.ts";
import type { SpanSource } from "../assertions/observed-span.ts";
import type { Outcome } from "../assertions/outcome.ts";
import type { SpanPattern } from "../assertions/span-pattern.ts";

/** The matchers, as the types of `expect(…)` need them. */
export interface TelemetryMatchers<R = unknown> {
  /** A span matches: a name, a regular expression, or fields and tags. */
  toHaveSpan(pattern: string | RegExp | SpanPattern): R;
  /** A span that matches `child` is directly below one that matches `parent`. */
  toHaveChildSpan(parent: string | RegExp | SpanPattern, child: string | RegExp | SpanPattern): R;
  /** A metric was recorded. */
  toHaveMetric(pattern: string | RegExp | MetricPattern): R;
  /** A span, or one of several, carries a tag. */
  toHaveTag(tag: string, expected?: ExpectedValue): R;
  /** The spans form exactly the trees that the text draws. */
  toBeTraceShape(shape: string): R;
  /** Nothing that the redactor would replace, and no planted text, is there. */
  toHaveNoSecrets(options?: NoSecretsOptions): R;
  /** The model calls cost this together (USD). */
  toHaveCost(expected: number | CostExpectation): R;
}

/**
 * The matchers for `expect.extend` of vitest and jest. Importing `@llmdevops/dd-testing/vitest` or
 * `@llmdevops/dd-testing/jest` registers them and declares their types.
 */
// What is not of the expected kind is refused by the check itself, with a TypeError that says so.
export const telemetryMatchers: {
  readonly [Name in keyof TelemetryMatchers]: (
    received: unknown,
    ...parameters: Parameters<TelemetryMatchers[Name]>
  ) => Outcome;
} = {
  toHaveSpan: (source, pattern) => checkSpan(source as SpanSource, pattern),
  toHaveChildSpan: (source, parent, child) => checkChildSpan(source as SpanSource, parent, child),
  toHaveMetric: (source, pattern) => checkMetric(source as MetricSource, pattern),
  toHaveTag: (source, tag, expected) => checkTag(source as SpanSource, tag, expected),
  toBeTraceShape: (source, shape) => checkTraceShape(source as SpanSource, shape),
  toHaveNoSecrets: (value, options) => checkNoSecrets(value, options),
  toHaveCost: (source, expected) => checkCost(source as SpanSource, expected),
};
