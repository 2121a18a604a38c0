import { recordAt, type UnknownRecord } from "../formats/unknown-record.ts";
import {
  completeUsage,
  largestCount,
  sumOfCounts,
  type TokenUsage,
  tokenCount,
} from "./token-usage.ts";

/**
 * Usage of OpenAI's Chat Completions API, whose `prompt_tokens` includes the cache
 * (https://platform.openai.com/docs/api-reference/chat/object#chat/object-usage), and of those that speak it with
 * names of their own: DeepSeek's `prompt_cache_hit_tokens` (https://api-docs.deepseek.com/guides/kv_cache), the
 * `cached_tokens` beside the counts of Moonshot and of Anthropic's compatible API, the names of Anthropic behind
 * LiteLLM (https://docs.litellm.ai/docs/completion/prompt_caching), and Perplexity's and xAI's older `reasoning_tokens`.
 */
export function readOpenAIChatUsage(usage: UnknownRecord): TokenUsage {
  const inputDetails = recordAt(usage, "prompt_tokens_details");
  const outputDetails = recordAt(usage, "completion_tokens_details");
  const total = tokenCount(usage["total_tokens"]);
  const input = tokenCount(usage["prompt_tokens"]) ?? hitsAndMisses(usage);
  const output = tokenCount(usage["completion_tokens"]);
  const read = largestCount(
    tokenCount(inputDetails["cached_tokens"]),
    tokenCount(usage["prompt_cache_hit_tokens"]),
    tokenCount(usage["cached_tokens"]),
    tokenCount(usage["cached_prompt_text_tokens"]),
    tokenCount(usage["cache_read_input_tokens"]),
  );
  const written = largestCount(
    tokenCount(inputDetails["cache_write_tokens"]),
    tokenCount(inputDetails["cache_creation_tokens"]),
    tokenCount(usage["cache_creation_input_tokens"]),
  );
  const beside = cacheBeside(usage, sumOfCounts(read, written) ?? 0);
  const citations = tokenCount(usage["citation_tokens"]);
  const reasoning =
    tokenCount(outputDetails["reasoning_tokens"]) ?? tokenCount(usage["reasoning_tokens"]);
  const apart = reasoningApart(usage, reasoning);
  const wholeInput = input === undefined ? undefined : input + beside;
  const wholeOutput = sumOfCounts(output, apart, citations);
  return completeUsage({
    inputTokens: wholeInput,
    outputTokens: wholeOutput,
    // Perplexity's total counts neither its reasoning nor its citations.
    totalTokens: (total ?? 0) < (wholeInput ?? 0) + (wholeOutput ?? 0) ? undefined : total,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
    inputAudioTokens: tokenCount(inputDetails["audio_tokens"]),
    reasoningOutputTokens: reasoning,
    citationOutputTokens: citations,
    outputAudioTokens: tokenCount(outputDetails["audio_tokens"]),
    inputImageTokens: tokenCount(inputDetails["image_tokens"]),
    outputImageTokens: tokenCount(outputDetails["image_tokens"]),
    webSearchRequests: tokenCount(usage["num_search_queries"]),
  });
}

function hitsAndMisses(usage: UnknownRecord): number | undefined {
  return sumOfCounts(
    tokenCount(usage["prompt_cache_hit_tokens"]),
    tokenCount(usage["prompt_cache_miss_tokens"]),
  );
}

/** Some gateways leave Anthropic's cache out of the prompt; their own total, or its size, says so. */
function cacheBeside(usage: UnknownRecord, cached: number): number {
  const input = tokenCount(usage["prompt_tokens"]);
  const hasNames = "cache_read_input_tokens" in usage || "cache_creation_input_tokens" in usage;
  if (!hasNames || input === undefined || cached === 0) return 0;
  const output = tokenCount(usage["completion_tokens"]) ?? 0;
  const isBeside = tokenCount(usage["total_tokens"]) === input + output + cached;
  return isBeside || cached > input ? cached : 0;
}

/**
 * The reasoning that is counted beside the completion: by the server's own total (xAI), because it is more than the
 * whole completion, or with Perplexity (https://docs.perplexity.ai/getting-started/pricing).
 */
function reasoningApart(usage: UnknownRecord, reasoning: number | undefined): number | undefined {
  if (!reasoning) return undefined;
  const input = tokenCount(usage["prompt_tokens"]) ?? 0;
  const output = tokenCount(usage["completion_tokens"]);
  const isApart =
    tokenCount(usage["total_tokens"]) === input + (output ?? 0) + reasoning ||
    (output !== undefined && reasoning > output) ||
    "citation_tokens" in usage;
  return isApart ? reasoning : undefined;
}
