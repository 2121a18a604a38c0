import { recordAt, type UnknownRecord } from "../formats/unknown-record.ts";
import { completeUsage, type TokenUsage, tokenCount } from "./token-usage.ts";

/**
 * Usage of OpenAI's Responses API and of its image API; `input_tokens` includes the cache
 * (https://platform.openai.com/docs/api-reference/responses/object#responses/object-usage). The Realtime API and
 * transcriptions say `input_token_details`, and so do LangChain's messages, with names of their own for the parts
 * (https://reference.langchain.com/javascript/types/_langchain_core.messages.UsageMetadata.html).
 */
export function readOpenAIResponsesUsage(usage: UnknownRecord): TokenUsage {
  const input = {
    ...recordAt(usage, "input_token_details"),
    ...recordAt(usage, "input_tokens_details"),
  };
  const output = {
    ...recordAt(usage, "output_token_details"),
    ...recordAt(usage, "output_tokens_details"),
  };
  const cached = recordAt(input, "cached_tokens_details");
  return completeUsage({
    inputTokens: tokenCount(usage["input_tokens"]),
    outputTokens: tokenCount(usage["output_tokens"]),
    totalTokens: tokenCount(usage["total_tokens"]),
    cacheReadInputTokens: tokenCount(input["cached_tokens"]) ?? tokenCount(input["cache_read"]),
    cacheWriteInputTokens:
      tokenCount(input["cache_write_tokens"]) ?? tokenCount(input["cache_creation"]),
    reasoningOutputTokens:
      tokenCount(output["reasoning_tokens"]) ?? tokenCount(output["reasoning"]),
    inputAudioTokens: tokenCount(input["audio_tokens"]) ?? tokenCount(input["audio"]),
    outputAudioTokens: tokenCount(output["audio_tokens"]) ?? tokenCount(output["audio"]),
    cacheReadAudioInputTokens: tokenCount(cached["audio_tokens"]),
    inputImageTokens: tokenCount(input["image_tokens"]),
    cacheReadImageInputTokens: tokenCount(cached["image_tokens"]),
    outputImageTokens: tokenCount(output["image_tokens"]),
    webSearchRequests: tokenCount(usage["web_search_requests"]),
  });
}
