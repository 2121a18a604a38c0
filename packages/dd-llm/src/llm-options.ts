import { type CoreOptions, discardingMetricsSink, type MetricsSink } from "@llmdevops/dd-core";
import { hasMethod, refused } from "@llmdevops/dd-core/options";
import type { ContentOptions } from "./content/content-policy.ts";
import type { CostBudget } from "./cost/cost-budget.ts";
import type { ModelAlias } from "./cost/model-aliases.ts";
import type { ModelPrice } from "./cost/user-prices.ts";
import type { DurationMetricType } from "./span/call-metrics.ts";
import type { LLMTracing } from "./span/llm-span.ts";

/** Options of {@link createLLM}. */
export interface LLMOptions extends CoreOptions {
  /** The tracing client to use. @default a new one from the other options */
  readonly tracing?: LLMTracing;
  /** Where metrics go. @default nowhere */
  readonly metrics?: MetricsSink;
  /** How much of prompts and responses is recorded. @default nothing, unless `DD_LLMDEVOPS_CONTENT` says otherwise */
  readonly content?: ContentOptions;
  /** Prices by model id, before the price list. @default {} */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
  /** Models of the price list by names that it does not know, such as those of deployments. @default {} */
  readonly modelAliases?: Readonly<Record<string, ModelAlias>>;
  /** Limits for what calls may cost, with callbacks. @default [] */
  readonly budgets?: readonly CostBudget[];
  /** Further tag names to write: `llm.request` adds `llm.request.model` and its like. @default [] */
  readonly tagConventions?: readonly "llm.request"[];
  /** How durations are sent; a histogram has no percentiles across hosts. @default "distribution" */
  readonly durationMetricType?: DurationMetricType;
}

/** How metrics are sent. @throws {ConfigurationError} When the sink or the kind of metric is none. */
export function resolveMetrics({
  metrics = discardingMetricsSink,
  durationMetricType = "distribution",
}: LLMOptions): { readonly metrics: MetricsSink; readonly durationMetricType: DurationMetricType } {
  if (durationMetricType !== "distribution" && durationMetricType !== "histogram") {
    const expected = '"distribution" or "histogram"';
    throw refused({ option: "durationMetricType", expected, given: durationMetricType });
  }
  for (const method of ["increment", "distribution", durationMetricType] as const) {
    if (hasMethod(metrics, method)) continue;
    const expected = `a metrics client that has the method ${method}`;
    throw refused({ option: "metrics", expected, given: metrics });
  }
  return { metrics, durationMetricType };
}

/** @throws {ConfigurationError} When it is no list of names that are known. */
export function checkedTagConventions(
  conventions: NonNullable<LLMOptions["tagConventions"]>,
): readonly "llm.request"[] {
  const isKnown =
    Array.isArray(conventions) && conventions.every((name: unknown) => name === "llm.request");
  if (isKnown) return conventions;
  const wrong: unknown = Array.isArray(conventions)
    ? conventions.find((name: unknown) => name !== "llm.request")
    : conventions;
  throw refused({ option: "tagConventions", expected: 'a list of "llm.request"', given: wrong });
}
