import type { Span } from "@llmdevops/dd-core";
import { type CallRecord, tokensPerSecond } from "./call-record.ts";

/** Writes what is known of a finished call on its APM span; what is not known is not written. */
export function writeCallTags(span: Span, record: CallRecord): void {
  const { usage, output, stream, cost } = record;
  span.setTags({
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
    "llm.cost.cache_read_input_usd": cost?.cacheReadInputUsd,
    "llm.cost.cache_write_input_usd": cost?.cacheWriteInputUsd,
    "llm.cost.source": cost?.source,
    "llm.cost.price_date": cost?.priceDate,
  });
  if (stream === undefined) return;
  span.setTags({
    "llm.stream_outcome": record.streamOutcome,
    "llm.chunk_count": stream.chunkCount,
    "llm.time_to_first_token_ms": stream.timeToFirstTokenMs,
    "llm.streaming_duration_ms": stream.streamingDurationMs,
    "llm.tokens_per_second": tokensPerSecond(record),
  });
}

/** Writes the platform guide's names beside ours. */
export function writeRequestTags(span: Span, record: CallRecord): void {
  const { call, usage, output, cost } = record;
  span.setTags({
    "llm.request.model": call.model,
    "llm.response.model": output.responseModel,
    "llm.request.type": call.requestType,
    "llm.request.input_tokens": usage.inputTokens,
    "llm.response.output_tokens": usage.outputTokens,
    "llm.request.cost": cost?.totalUsd,
    "llm.request.latency": record.durationMs,
  });
}
