import type { MetricsSink, MetricTags } from "@llmdevops/dd-core";
import { type CallRecord, timePerOutputToken, tokensPerSecond } from "./call-record.ts";

/** How durations are sent; a histogram has no percentiles across hosts. */
export type DurationMetricType = "distribution" | "histogram";

/** Sends the metrics of a finished call; tags have few values, never an id. */
export function sendCallMetrics(
  metrics: MetricsSink,
  record: CallRecord,
  durationType: DurationMetricType,
): void {
  const { call, usage, stream, cost, errorClass } = record;
  const tags: MetricTags = {
    ...call.metricTags,
    provider: call.provider,
    model: call.model,
    request_type: call.requestType,
    streaming: stream !== undefined,
  };
  const withError = errorClass === undefined ? tags : { ...tags, error_type: errorClass };
  metrics.increment("llm.request.count", 1, withError);
  metrics[durationType]("llm.request.duration", record.durationMs, withError);
  if (errorClass !== undefined) metrics.increment("llm.request.error", 1, withError);
  const counts: [string, number | undefined][] = [
    ["llm.request.tokens.input", usage.inputTokens],
    ["llm.request.tokens.output", usage.outputTokens],
    ["llm.request.tokens.total", usage.totalTokens],
    ["llm.request.tokens.cache_read", usage.cacheReadInputTokens],
    ["llm.request.tokens.cache_write", usage.cacheWriteInputTokens],
    ["llm.request.tokens.reasoning", usage.reasoningOutputTokens],
  ];
  for (const [name, count] of counts) {
    if (count !== undefined) metrics.increment(name, count, tags);
  }
  const durations: [string, number | undefined][] = [
    ["llm.time_to_first_token", stream?.timeToFirstTokenMs],
    ["llm.time_per_output_token", timePerOutputToken(record)],
  ];
  for (const [name, value] of durations) {
    if (value !== undefined) metrics[durationType](name, value, tags);
  }
  const values: [string, number | undefined][] = [
    ["llm.request.cost", cost?.totalUsd],
    ["llm.cost.input", microDollars(cost?.inputUsd)],
    ["llm.cost.output", microDollars(cost?.outputUsd)],
    ["llm.cost.total", microDollars(cost?.totalUsd)],
    ["llm.tokens_per_second", tokensPerSecond(record)],
  ];
  for (const [name, value] of values) {
    if (value !== undefined) metrics.distribution(name, value, tags);
  }
}

/** Costs are exact to the nano-dollar, so three digits of a micro-dollar are. */
function microDollars(usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : Math.round(usd * 1e9) / 1e3;
}
