import { type CallRecord, rawFinishReason, tokensPerSecond } from "./call-record.ts";

/** Tags of a span in the making; what is `undefined` is not written. */
export type SpanTags = Record<string, unknown>;

/** Adds what is known of a finished call to the tags of its APM span; what is not known is not added. */
export function addCallTags(tags: SpanTags, record: CallRecord): void {
  const { usage, output, stream, cost } = record;
  tags["llm.streaming"] = stream !== undefined;
  add(tags, "llm.input_tokens", usage.inputTokens);
  add(tags, "llm.output_tokens", usage.outputTokens);
  add(tags, "llm.total_tokens", usage.totalTokens);
  add(tags, "llm.cache_read_input_tokens", usage.cacheReadInputTokens);
  add(tags, "llm.cache_write_input_tokens", usage.cacheWriteInputTokens);
  add(tags, "llm.reasoning_tokens", usage.reasoningOutputTokens);
  add(tags, "llm.finish_reason", record.finishReason);
  add(tags, "llm.finish_reason_raw", rawFinishReason(record));
  add(tags, "llm.response_model", output.responseModel);
  if (cost !== undefined) {
    tags["llm.cost.input_usd"] = cost.inputUsd;
    tags["llm.cost.output_usd"] = cost.outputUsd;
    tags["llm.cost.total_usd"] = cost.totalUsd;
    tags["llm.cost.source"] = cost.source;
    add(tags, "llm.cost.price_date", cost.priceDate);
    add(tags, "llm.cost.cache_read_input_usd", cost.cacheReadInputUsd);
    add(tags, "llm.cost.cache_write_input_usd", cost.cacheWriteInputUsd);
  }
  if (stream === undefined) return;
  add(tags, "llm.stream_outcome", record.streamOutcome);
  tags["llm.chunk_count"] = stream.chunkCount;
  add(tags, "llm.time_to_first_token_ms", stream.timeToFirstTokenMs);
  add(tags, "llm.streaming_duration_ms", stream.streamingDurationMs);
  add(tags, "llm.tokens_per_second", tokensPerSecond(record));
}

/** Adds the platform guide's names beside ours. */
export function addRequestTags(tags: SpanTags, record: CallRecord): void {
  const { call, usage, output, cost } = record;
  tags["llm.request.model"] = call.model;
  tags["llm.request.type"] = call.requestType;
  tags["llm.request.latency"] = record.durationMs;
  add(tags, "llm.response.model", output.responseModel);
  add(tags, "llm.request.input_tokens", usage.inputTokens);
  add(tags, "llm.response.output_tokens", usage.outputTokens);
  add(tags, "llm.request.cost", cost?.totalUsd);
}

function add(tags: SpanTags, key: string, value: unknown): void {
  if (value !== undefined) tags[key] = value;
}
