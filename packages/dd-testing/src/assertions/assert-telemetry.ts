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
 * @param source A mock client or exporter, a test agent, or spans of one of them.
 * @param pattern A name, an expression found in it, or fields and tags; what is left out does not matter.
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
 * @param source A mock client or exporter, a test agent, or spans of one of them.
 * @param parent Which span is the parent, as a pattern of `assertSpan`.
 * @param child Which span is to be directly below it.
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
 * @param source A mock client or exporter, or a test agent.
 * @param pattern A name, an expression found in it, or name, type, value and tags.
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
 * @param source A mock client or exporter, a test agent, or spans of one of them.
 * @param tag The tag's key.
 * @param expected The value, or what it has to satisfy. @default any value
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
 * @param source A mock client or exporter, a test agent, or spans of one of them.
 * @param shape One span's name a line, indented below its parent, siblings in the order of their start; a line `...`
 *   stands for any number of further ones.
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
 * @param value A mock client, a test agent, or any value, which is searched 64 levels deep.
 * @param options Texts that the test has planted.
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
 * @param source A mock client or exporter, a test agent, or spans of one of them.
 * @param expected The sum to the nano-dollar (USD), or its bounds.
 * @throws AssertionError with the cost of each.
 * @example
 * ```ts
 * assertCost(client, { atMostUsd: 0.01 });
 * ```
 */
export function assertCost(source: SpanSource, expected: number | CostExpectation): void {
  requireOutcome(checkCost(source, expected), assertCost);
}
