import { readAnthropicUsage } from "../formats/anthropic.ts";
import { readGeminiUsage } from "../formats/gemini.ts";
import { readOpenAIChatUsage } from "../formats/openai-chat.ts";
import { readOpenAIResponsesUsage } from "../formats/openai-responses.ts";
import { isRecord, type UnknownRecord } from "../formats/unknown-record.ts";
import { completeUsage, type TokenUsage, tokenCount } from "./token-usage.ts";

/**
 * Brings a provider's usage object, or one that is normal already, into the normal form.
 *
 * The provider is recognised by its field names: `promptTokenCount` (Gemini), `prompt_tokens` (OpenAI Chat and
 * compatible servers), `input_tokens` with `…_details` (OpenAI Responses), `input_tokens` (Anthropic),
 * `inputTokens` (normal form).
 *
 * @returns An empty usage when nothing is recognised; never throws.
 * @example
 * ```ts
 * normalizeUsage({ input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 5 });
 * // { inputTokens: 100, outputTokens: 5, cacheReadInputTokens: 90, totalTokens: 105 }
 * ```
 */
export function normalizeUsage(usage: unknown): TokenUsage {
  if (!isRecord(usage)) return {};
  try {
    return read(usage);
  } catch {
    return {};
  }
}

function read(usage: UnknownRecord): TokenUsage {
  if (
    "promptTokenCount" in usage ||
    "candidatesTokenCount" in usage ||
    "totalTokenCount" in usage
  ) {
    return readGeminiUsage(usage);
  }
  if ("prompt_tokens" in usage || "completion_tokens" in usage) return readOpenAIChatUsage(usage);
  if ("input_tokens_details" in usage) return readOpenAIResponsesUsage(usage);
  if ("input_tokens" in usage || "output_tokens" in usage) return readAnthropicUsage(usage);
  return readNormalUsage(usage);
}

const normalFields = [
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "cacheReadInputTokens",
  "cacheWriteInputTokens",
  "cacheWrite5mInputTokens",
  "cacheWrite1hInputTokens",
  "reasoningOutputTokens",
  "inputAudioTokens",
  "outputAudioTokens",
] as const satisfies readonly (keyof TokenUsage)[];

function readNormalUsage(usage: UnknownRecord): TokenUsage {
  return completeUsage(
    Object.fromEntries(normalFields.map((field) => [field, tokenCount(usage[field])])),
  );
}
