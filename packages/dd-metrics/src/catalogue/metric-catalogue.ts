import { agentMetrics } from "./agent-metrics.ts";
import { clientMetrics } from "./client-metrics.ts";
import { llmMetrics } from "./llm-metrics.ts";
import type { MetricDefinition } from "./metric-definition.ts";

/**
 * Every metric that the packages emit: the source of the documentation, and of dashboards and monitors.
 *
 * @example
 * ```ts
 * import { metricCatalogue } from "@llmdevops/dd-metrics";
 *
 * const inDollars = metricCatalogue.filter(({ unit }) => unit === "dollar");
 * ```
 */
export const metricCatalogue: readonly MetricDefinition[] = Object.freeze([
  ...llmMetrics,
  ...agentMetrics,
  ...clientMetrics,
]);
