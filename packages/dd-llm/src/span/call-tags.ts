import type { Span } from "@llmdevops/dd-core";
import type { CallRecord } from "./llm-span.ts";

/** Writes what is known of a finished call on its APM span; what is not known is not written. */
export function writeCallTags(span: Span, call: CallRecord, conventions: readonly string[]): void {
  const { usage, output, stream, cost } = call;
  const tags: Record<string, unknown> = {
    "llm.input_tokens": usage.inputTokens,
    "llm.output_tokens": usage.outputTokens,
    "llm.total_tokens": usage.totalTokens,
    "llm.cache_read_input_tokens": usage.cacheReadInputTokens,
    "llm.cache_write_input_tokens": usage.cacheWriteInputTokens,
    "llm.reasoning_tokens": usage.reasoningOutputTokens,
    "llm.finish_reason": output.finishReason,
    "llm.response_model": output.responseModel,
    "llm.streaming": stream !== undefined,
    "llm.cost.input_usd": cost?.inputUsd,
    "llm.cost.output_usd": cost?.outputUsd,
    "llm.cost.total_usd": cost?.totalUsd,
    "llm.cost.source": cost?.source,
  };
  if (stream !== undefined) {
    tags["llm.stream_outcome"] = call.streamOutcome;
    tags["llm.chunk_count"] = stream.chunkCount;
    tags["llm.time_to_first_token_ms"] = stream.timeToFirstTokenMs;
    tags["llm.streaming_duration_ms"] = stream.streamingDurationMs;
    tags["llm.tokens_per_second"] = tokensPerSecond(call);
  }
  if (conventions.includes("llm.request")) {
    Object.assign(tags, {
      "llm.request.model": call.options.model,
      "llm.response.model": output.responseModel,
      "llm.request.type": call.options.requestType ?? "chat",
      "llm.request.input_tokens": usage.inputTokens,
      "llm.response.output_tokens": usage.outputTokens,
      "llm.request.cost": cost?.totalUsd,
      "llm.request.latency": call.durationMs,
    });
  }
  span.setTags(tags);
}

/** Output tokens per second from the first content to the last; absent where one of them is not known. */
export function tokensPerSecond(call: CallRecord): number | undefined {
  const { outputTokens } = call.usage;
  const duration = call.stream?.streamingDurationMs;
  if (outputTokens === undefined || duration === undefined || duration <= 0) return undefined;
  return (outputTokens / duration) * 1_000;
}

/** Mean time between output tokens (ms); absent where it cannot be known. */
export function timePerOutputToken(call: CallRecord): number | undefined {
  const { outputTokens } = call.usage;
  const duration = call.stream?.streamingDurationMs;
  if (outputTokens === undefined || outputTokens < 2 || !duration) return undefined;
  return duration / (outputTokens - 1);
}
