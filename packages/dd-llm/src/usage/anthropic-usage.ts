import { arrayAt, recordAt, recordsOf, type UnknownRecord } from "../formats/unknown-record.ts";
import { completeUsage, sumOfCounts, type TokenUsage, tokenCount } from "./token-usage.ts";

/**
 * Usage of Anthropic's Messages API, whose `input_tokens` excludes the cache
 * (https://docs.claude.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance).
 *
 * What a compaction on the server has read and written stands in `iterations` only, and is charged like the rest
 * (https://docs.claude.com/en/docs/build-with-claude/compaction).
 */
export function readAnthropicUsage(usage: UnknownRecord): TokenUsage {
  const iterations = recordsOf(arrayAt(usage, "iterations"));
  const compactions = iterations.filter(({ type }) => type === "compaction");
  const all = [usage, ...compactions];
  const sum = (key: string) => sumOfCounts(...all.map((part) => tokenCount(part[key])));
  const byAge = (key: string) =>
    sumOfCounts(...all.map((part) => tokenCount(recordAt(part, "cache_creation")[key])));
  const written5m = byAge("ephemeral_5m_input_tokens");
  const written1h = byAge("ephemeral_1h_input_tokens");
  const read = sum("cache_read_input_tokens");
  const written = sum("cache_creation_input_tokens") ?? sumOfCounts(written5m, written1h);
  const uncached =
    tokenCount(usage["input_tokens"]) === undefined ? undefined : sum("input_tokens");
  return completeUsage({
    inputTokens: uncached === undefined ? undefined : sumOfCounts(uncached, read, written),
    outputTokens: sum("output_tokens"),
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
    cacheWrite5mInputTokens: written5m,
    cacheWrite1hInputTokens: written1h,
    reasoningOutputTokens: tokenCount(recordAt(usage, "output_tokens_details")["thinking_tokens"]),
    webSearchRequests: tokenCount(recordAt(usage, "server_tool_use")["web_search_requests"]),
  });
}
