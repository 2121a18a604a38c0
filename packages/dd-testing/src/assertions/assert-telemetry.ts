import { type CostExpectation, checkCost } from "./check-cost.ts";
import { checkMetric, type MetricPattern, type MetricSource } from "./check-metric.ts";
import { checkNoSecrets, type NoSecretsOptions } from "./check-no-secrets.ts";
import { checkChildSpan, checkSpan } from "./check-span.ts";
import { checkTag } from "./check-tag.ts";
import { checkTraceShape } from "./check-trace-shape.ts";
import type { ExpectedValue } from "./expected-value.ts";
import type { SpanSource } from "./observed-span.ts";
import { requireOutcome } from "./outcome.ts";
import type { SpanPattern } from "./span-pattern.ts";

/**
 * Requires a span. For `node:test` and everything else without `expect`.
 *
 * @throws AssertionError with the trace tree and the nearest span.
 * @example
 * ```ts
 * assertSpan(client, { name: "llm.request", tags: { "llm.provider": "anthropic" } });
 * ```
 */
export function assertSpan(source: SpanSource, pattern: string | RegExp | SpanPattern): void {
  requireOutcome(checkSpan(source, pattern), assertSpan);
}

/**
 * Requires a span directly below another.
 *
 * @throws AssertionError with the trace tree.
 * @example
 * ```ts
 * assertChildSpan(client, "agent.run", { name: "llm.request", tags: { "llm.model": "gpt-5-mini" } });
 * ```
 */
export function assertChildSpan(
  source: SpanSource,
  parent: string | RegExp | SpanPattern,
  child: string | RegExp | SpanPattern,
): void {
  requireOutcome(checkChildSpan(source, parent, child), assertChildSpan);
}

/**
 * Requires a metric.
 *
 * @throws AssertionError with the nearest metric.
 * @example
 * ```ts
 * assertMetric(client, { name: "llm.request.count", type: "count", tags: { provider: "openai" } });
 * ```
 */
export function assertMetric(source: MetricSource, pattern: string | RegExp | MetricPattern): void {
  requireOutcome(checkMetric(source, pattern), assertMetric);
}

/**
 * Requires a tag on a span, or on one of several.
 *
 * @throws AssertionError with the tags that are there.
 * @example
 * ```ts
 * assertTag(client, "llm.finish_reason", "stop");
 * ```
 */
export function assertTag(source: SpanSource, tag: string, expected?: ExpectedValue): void {
  requireOutcome(checkTag(source, tag, expected), assertTag);
}

/**
 * Requires that the spans form exactly these trees.
 *
 * @throws AssertionError with the difference.
 * @example
 * ```ts
 * assertTraceShape(client, `
 *   agent.run
 *     tool.search
 *     llm.request
 * `);
 * ```
 */
export function assertTraceShape(source: SpanSource, shape: string): void {
  requireOutcome(checkTraceShape(source, shape), assertTraceShape);
}

/**
 * Requires that nothing the redactor knows, and no planted text, is there.
 *
 * @throws AssertionError with the paths.
 * @example
 * ```ts
 * assertNoSecrets(client, { planted: ["Ada Lovelace"] });
 * ```
 */
export function assertNoSecrets(value: unknown, options?: NoSecretsOptions): void {
  requireOutcome(checkNoSecrets(value, options), assertNoSecrets);
}

/**
 * Requires what the model calls cost together (USD).
 *
 * @throws AssertionError with the cost of each.
 * @example
 * ```ts
 * assertCost(client, { atMostUsd: 0.01 });
 * ```
 */
export function assertCost(source: SpanSource, expected: number | CostExpectation): void {
  requireOutcome(checkCost(source, expected), assertCost);
}
