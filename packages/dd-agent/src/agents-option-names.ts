import { coreOptionNames, type OptionNames } from "@llmdevops/dd-core/options";
import type { AgentsOptions } from "./create-agents.ts";
import type { RunBudget } from "./guard/run-budget.ts";

const budget: OptionNames<RunBudget> = {
  maximumSteps: true,
  maximumDepth: true,
  maximumToolCalls: true,
  maximumTokens: true,
  maximumCostUsd: true,
  maximumDurationMs: true,
  maximumIdenticalToolCalls: true,
  maximumAlternatingHandoffs: true,
  action: true,
  onViolation: true,
};

/** All options of {@link AgentsOptions} by name, for a package whose options include them. */
export const agentsOptionNames: OptionNames<AgentsOptions> = {
  ...coreOptionNames,
  tracing: true,
  metrics: true,
  recordContent: true,
  durationMetricType: true,
  budget,
};
