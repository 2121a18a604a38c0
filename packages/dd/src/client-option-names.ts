import { agentsOptionNames } from "@llmdevops/dd-agent";
import { coreOptionNames, type OptionNames, type OptionPath } from "@llmdevops/dd-core/options";
import { llmOptionNames } from "@llmdevops/dd-llm";
import { metricsOptionNames } from "@llmdevops/dd-metrics";
import type { ClientOptions } from "./client-options.ts";

const { prefix, aggregation, cardinality, maxBufferedLines, offWithTracing } = metricsOptionNames;

const metrics: OptionNames<NonNullable<ClientOptions["metrics"]>> = {
  prefix,
  aggregation,
  cardinality,
  maxBufferedLines,
  offWithTracing,
};

/** All options of {@link ClientOptions} by name. */
export const clientOptionNames: OptionNames<ClientOptions> = {
  ...coreOptionNames,
  dogstatsd: metricsOptionNames.dogstatsd,
  budgets: llmOptionNames.budgets,
  content: llmOptionNames.content,
  modelAliases: llmOptionNames.modelAliases,
  prices: llmOptionNames.prices,
  tagConventions: llmOptionNames.tagConventions,
  metricsFlushIntervalMs: metricsOptionNames.flushIntervalMs,
  metrics,
  selfTelemetryIntervalMs: true,
  recordAgentContent: agentsOptionNames.recordContent,
  agentBudget: agentsOptionNames.budget,
};

/** What an option of `createMetrics` is called here. */
export const metricsOptionPath: OptionPath = (name) => {
  if (name === "flushIntervalMs") return "metricsFlushIntervalMs";
  return Object.hasOwn(metrics, name.replace(/\..*$/s, "")) ? `metrics.${name}` : name;
};

/** What an option of `createAgents` is called here. */
export const agentsOptionPath: OptionPath = (name) => {
  if (name === "budget") return "agentBudget";
  return name === "recordContent" ? "recordAgentContent" : name;
};
