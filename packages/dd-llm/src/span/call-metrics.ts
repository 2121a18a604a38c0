import type { MetricsSink } from "@llmdevops/dd-core";
import { type CallRecord, timePerOutputToken, tokensPerSecond } from "./call-record.ts";
import type { MetricTagSets } from "./metric-tag-sets.ts";

/** How durations are sent; a histogram has no percentiles across hosts. */
export type DurationMetricType = "distribution" | "histogram";

/** Sends the metrics of a finished call; tags have few values, never an id. */
export function sendCallMetrics(
  metrics: MetricsSink,
  record: CallRecord,
  durationType: DurationMetricType,
  sets: MetricTagSets,
): void {
  const { call, usage, stream, cost, errorClass } = record;
  const tags = sets.of(call, stream !== undefined, undefined);
  const withError =
    errorClass === undefined ? tags : sets.of(call, stream !== undefined, errorClass);
  const count = (name: string, value: number | undefined): void => {
    if (value !== undefined) metrics.increment(name, value, tags);
  };
  const distribute = (name: string, value: number | undefined): void => {
    if (value !== undefined) metrics.distribution(name, value, tags);
  };
  const time = (name: string, value: number | undefined): void => {
    if (value !== undefined) metrics[durationType](name, value, tags);
  };
  metrics.increment("llm.request.count", 1, withError);
  metrics[durationType]("llm.request.duration", record.durationMs, withError);
  if (errorClass !== undefined) metrics.increment("llm.request.error", 1, withError);
  count("llm.request.tokens.input", usage.inputTokens);
  count("llm.request.tokens.output", usage.outputTokens);
  count("llm.request.tokens.total", usage.totalTokens);
  count("llm.request.tokens.cache_read", usage.cacheReadInputTokens);
  count("llm.request.tokens.cache_write", usage.cacheWriteInputTokens);
  count("llm.request.tokens.reasoning", usage.reasoningOutputTokens);
  if (stream !== undefined) {
    time("llm.time_to_first_token", stream.timeToFirstTokenMs);
    time("llm.time_per_output_token", timePerOutputToken(record));
    distribute("llm.tokens_per_second", tokensPerSecond(record));
  }
  if (cost === undefined) return;
  distribute("llm.request.cost", cost.totalUsd);
  distribute("llm.cost.input", microDollars(cost.inputUsd));
  distribute("llm.cost.output", microDollars(cost.outputUsd));
  distribute("llm.cost.total", microDollars(cost.totalUsd));
}

/** Costs are exact to the nano-dollar, so three digits of a micro-dollar are. */
function microDollars(usd: number): number {
  return Math.round(usd * 1e9) / 1e3;
}
