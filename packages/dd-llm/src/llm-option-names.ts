import { coreOptionNames, type OptionNames } from "@llmdevops/dd-core/options";
import type { ContentOptions } from "./content/content-policy.ts";
import type { ContentSamplingOptions } from "./content/content-sampling.ts";
import type { CostBudget } from "./cost/cost-budget.ts";
import type { ModelAlias } from "./cost/model-aliases.ts";
import type { ModelPrice } from "./cost/user-prices.ts";
import type { LLMOptions } from "./llm-options.ts";

const sampling: OptionNames<ContentSamplingOptions> = {
  rate: true,
  slowMs: true,
  expensiveUsd: true,
};

const content: OptionNames<ContentOptions> = {
  mode: "DD_LLMDEVOPS_CONTENT",
  kinds: ["record", true],
  parts: ["record", true],
  sampling,
  previewLength: true,
  hashKey: true,
};

const price: OptionNames<ModelPrice> = {
  inputPerMillion: true,
  outputPerMillion: true,
  cacheReadPerMillion: true,
  cacheWritePerMillion: true,
  cacheWrite1hPerMillion: true,
  tierFactors: ["record", true],
};

const alias: OptionNames<ModelAlias> = { model: true, provider: true };

const budget: OptionNames<CostBudget> = {
  name: true,
  limitUsd: true,
  warnAt: true,
  period: true,
  tag: true,
  onWarning: true,
  onLimit: true,
};

/** All options of {@link LLMOptions} by name, for a package whose options include them. */
export const llmOptionNames: OptionNames<LLMOptions> = {
  ...coreOptionNames,
  tracing: true,
  metrics: true,
  content,
  prices: ["record", price],
  modelAliases: ["record", alias],
  budgets: ["list", budget],
  tagConventions: ["list", true],
  durationMetricType: true,
};
