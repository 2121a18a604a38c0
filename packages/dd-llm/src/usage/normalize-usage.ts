import { readGeminiUsage } from "../formats/gemini.ts";
import { isRecord, type UnknownRecord } from "../formats/unknown-record.ts";
import { readAISDKUsage } from "./ai-sdk-usage.ts";
import { readAnthropicUsage } from "./anthropic-usage.ts";
import { isBedrockUsage, readBedrockUsage } from "./bedrock-usage.ts";
import { readCamelCaseUsage } from "./camel-case-usage.ts";
import { isCohereUsage, readCohereUsage } from "./cohere-usage.ts";
import { isInteractionUsage, readInteractionUsage } from "./interaction-usage.ts";
import { isOllamaUsage, readOllamaUsage } from "./ollama-usage.ts";
import { readOpenAIChatUsage } from "./openai-chat-usage.ts";
import { readOpenAIResponsesUsage } from "./openai-responses-usage.ts";
import { audioLength, completeUsage, type TokenUsage } from "./token-usage.ts";

/**
 * Brings a provider's usage object, or one that is normal already, into the normal form.
 *
 * The provider is recognised by its field names: `promptTokenCount` (Gemini), `prompt_tokens` (OpenAI Chat and
 * compatible servers), `input_tokens` with `…_details` (OpenAI Responses), `input_tokens` (Anthropic),
 * `inputTokens` (normal form, AI SDK, Amazon Bedrock's Converse), `…TokenCount` (Amazon Bedrock's InvokeModel),
 * `eval_count` (Ollama), `billed_units` (Cohere), `total_input_tokens` (Gemini's Interactions API).
 *
 * @param usage What the provider's answer holds under `usage`, `usageMetadata` and the like; any value may be given.
 * @returns An empty usage when nothing is recognised; never throws.
 * @example
 * ```ts
 * normalizeUsage({ input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 5 });
 * // { inputTokens: 100, outputTokens: 5, totalTokens: 105, cacheReadInputTokens: 90 }
 * ```
 */
export function normalizeUsage(usage: unknown): TokenUsage {
  if (!isRecord(usage)) return {};
  try {
    return read(usage);
  } catch {
    // A getter of a foreign object threw: nothing can be known of it.
    return {};
  }
}

const geminiFields = [
  "promptTokenCount",
  "candidatesTokenCount",
  "responseTokenCount",
  "thoughtsTokenCount",
  "totalTokenCount",
];

function read(usage: UnknownRecord): TokenUsage {
  if (isRecord(usage["inputTokens"])) return readCamelCaseUsage(readAISDKUsage(usage, {}));
  if (geminiFields.some((field) => field in usage)) return readGeminiUsage(usage);
  if ("prompt_tokens" in usage || "completion_tokens" in usage) return readOpenAIChatUsage(usage);
  if ("input_tokens_details" in usage || "input_token_details" in usage) {
    return readOpenAIResponsesUsage(usage);
  }
  if ("input_tokens" in usage || "output_tokens" in usage) return readAnthropicUsage(usage);
  if (isInteractionUsage(usage)) return readInteractionUsage(usage);
  if ("total_tokens" in usage) return readOpenAIChatUsage(usage);
  if (isBedrockUsage(usage)) return readBedrockUsage(usage);
  if (isOllamaUsage(usage)) return readOllamaUsage(usage);
  if (isCohereUsage(usage)) return readCohereUsage(usage);
  // Transcriptions that are charged by their length (https://platform.openai.com/docs/api-reference/audio).
  if (usage["type"] === "duration") {
    return completeUsage({ inputAudioSeconds: audioLength(usage["seconds"]) });
  }
  return readCamelCaseUsage(usage);
}
