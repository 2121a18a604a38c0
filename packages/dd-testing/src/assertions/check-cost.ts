import { type ObservedSpan, observedSpans, type SpanSource } from "./observed-span.ts";
import type { Outcome } from "./outcome.ts";
import { describeSpan } from "./render-span-tree.ts";

/** What the model calls of a source may or must cost together (USD). */
export interface CostExpectation {
  /** Exactly, to the nano-dollar. */
  readonly usd?: number;
  /** Lower bound, itself allowed (USD). */
  readonly atLeastUsd?: number;
  /** Upper bound, itself allowed (USD). */
  readonly atMostUsd?: number;
}

/** Costs are added in floating point; half a nano-dollar is less than any price of a token. */
const tolerance = 5e-10;

/**
 * Whether the model calls of a source cost what is expected together, by `llm.cost.total_usd`. A number alone means
 * exactly that. A call with tokens and without a cost makes it fail: the sum would be too low.
 *
 * @throws TypeError for an expectation without a number.
 */
export function checkCost(source: SpanSource, expected: number | CostExpectation): Outcome {
  const wanted = typeof expected === "number" ? { usd: expected } : expected;
  const { usd, atLeastUsd, atMostUsd } = wanted;
  const limits = [usd, atLeastUsd, atMostUsd].filter((limit) => limit !== undefined);
  if (limits.length === 0 || limits.some((limit) => !Number.isFinite(limit))) {
    throw new TypeError("a cost is expected as a number, or as usd, atLeastUsd or atMostUsd");
  }
  const spans = observedSpans(source);
  const priced = spans.filter((span) => costOf(span) !== undefined);
  const unpriced = spans.filter(
    (span) => costOf(span) === undefined && span.tags["llm.total_tokens"] !== undefined,
  );
  const total = priced.reduce((sum, span) => sum + (costOf(span) ?? 0), 0);
  const holds =
    (usd === undefined || Math.abs(total - usd) < tolerance) &&
    (atLeastUsd === undefined || total >= atLeastUsd - tolerance) &&
    (atMostUsd === undefined || total <= atMostUsd + tolerance);
  const pass = holds && unpriced.length === 0;
  const message = (): string =>
    [
      `The model calls cost ${dollars(total)}, expected ${pass ? "otherwise" : describe(wanted)}.`,
      ...priced.map((span) => `  ${dollars(costOf(span) ?? 0)} ${describeSpan(span)}`),
      ...unpriced.map((span) => `  no price ${describeSpan(span)}`),
      ...(priced.length + unpriced.length === 0 ? ["  no model call was recorded"] : []),
    ].join("\n");
  return { pass, message };
}

function costOf({ tags }: ObservedSpan): number | undefined {
  const cost = tags["llm.cost.total_usd"];
  return typeof cost === "number" ? cost : undefined;
}

function dollars(usd: number): string {
  return `$${Number(usd.toFixed(9))}`;
}

function describe({ usd, atLeastUsd, atMostUsd }: CostExpectation): string {
  const parts = [
    ...(usd === undefined ? [] : [dollars(usd)]),
    ...(atLeastUsd === undefined ? [] : [`at least ${dollars(atLeastUsd)}`]),
    ...(atMostUsd === undefined ? [] : [`at most ${dollars(atMostUsd)}`]),
  ];
  return parts.join(", ");
}
