import { agentsOptionNames } from "@llmdevops/dd-agent";
import { coreOptionNames, type OptionNames } from "@llmdevops/dd-core/options";
import { llmOptionNames } from "@llmdevops/dd-llm";
import { metricsOptionNames } from "@llmdevops/dd-metrics";
import type { RecordingOptions } from "@llmdevops/dd-metrics/backend";
import type { MockClientOptions } from "./create-mock-client.ts";

const { prefix, cardinality, offWithTracing } = metricsOptionNames;

/** Options of a mock's metrics. */
export const mockMetricsNames: OptionNames<RecordingOptions> = {
  prefix,
  cardinality,
  offWithTracing,
};

/** Options of `createClient` that a client without network has no use for, so that the same object suits both. */
const withoutEffect = {
  dogstatsd: true,
  budgets: true,
  modelAliases: true,
  metricsFlushIntervalMs: true,
  selfTelemetryIntervalMs: true,
} as const;

/** All options of {@link MockClientOptions} by name. */
export const mockOptionNames: OptionNames<MockClientOptions> = {
  ...coreOptionNames,
  ...withoutEffect,
  content: llmOptionNames.content,
  prices: llmOptionNames.prices,
  tagConventions: llmOptionNames.tagConventions,
  metrics: { ...mockMetricsNames, aggregation: true, maxBufferedLines: true },
  recordAgentContent: agentsOptionNames.recordContent,
  agentBudget: agentsOptionNames.budget,
  clock: true,
  exporter: true,
};
