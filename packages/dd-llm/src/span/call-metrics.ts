import type { MetricsSink, MetricTags } from "@llmdevops/dd-core";
import { timePerOutputToken, tokensPerSecond } from "./call-tags.ts";
import type { CallRecord } from "./llm-span.ts";

/** Sends the metrics of a finished call; tags are bounded, never an id. */
export function sendCallMetrics(metrics: MetricsSink, call: CallRecord): void {
  const { options, usage, stream, cost, errorClass } = call;
  const tags: MetricTags = {
    ...options.metricTags,
    provider: options.provider,
    model: options.model,
    request_type: options.requestType ?? "chat",
    streaming: stream !== undefined,
  };
  const withError = errorClass === undefined ? tags : { ...tags, error_type: errorClass };
  metrics.increment("llm.request.count", 1, withError);
  metrics.distribution("llm.request.duration", call.durationMs, withError);
  if (errorClass !== undefined) metrics.increment("llm.request.error", 1, withError);
  const counts = {
    input: usage.inputTokens,
    output: usage.outputTokens,
    total: usage.totalTokens,
    cache_read: usage.cacheReadInputTokens,
    cache_write: usage.cacheWriteInputTokens,
    reasoning: usage.reasoningOutputTokens,
  };
  for (const [kind, count] of Object.entries(counts)) {
    if (count !== undefined) metrics.increment(`llm.request.tokens.${kind}`, count, tags);
  }
  if (cost !== undefined) {
    metrics.distribution("llm.request.cost", cost.totalUsd, tags);
    metrics.distribution("llm.cost.input", cost.inputUsd * 1e6, tags);
    metrics.distribution("llm.cost.output", cost.outputUsd * 1e6, tags);
    metrics.distribution("llm.cost.total", cost.totalUsd * 1e6, tags);
  }
  const timings = {
    "llm.time_to_first_token": stream?.timeToFirstTokenMs,
    "llm.time_per_output_token": timePerOutputToken(call),
    "llm.tokens_per_second": tokensPerSecond(call),
  };
  for (const [name, value] of Object.entries(timings)) {
    if (value !== undefined) metrics.distribution(name, value, tags);
  }
}
