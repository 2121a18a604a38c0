import { describe, expect, test } from "vitest";
import { normalizeUsage, type TokenUsage } from "../src/index.ts";

/** What a provider is documented to send, and where that is said. */
interface UsageCase {
  readonly name: string;
  readonly source: string;
  readonly usage: object;
  readonly expected: TokenUsage;
}

const cases: readonly UsageCase[] = [
  {
    name: "Anthropic: a compaction on the server is charged beside the message",
    source: "https://docs.claude.com/en/docs/build-with-claude/compaction",
    usage: {
      input_tokens: 23_000,
      output_tokens: 1_000,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 100,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 0 },
      iterations: [
        {
          type: "compaction",
          input_tokens: 180_000,
          output_tokens: 3_500,
          cache_read_input_tokens: 20,
          cache_creation_input_tokens: 40,
          cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 40 },
        },
        { type: "message", input_tokens: 23_000, output_tokens: 1_000 },
      ],
    },
    expected: {
      inputTokens: 203_160,
      outputTokens: 4_500,
      totalTokens: 207_660,
      cacheReadInputTokens: 20,
      cacheWriteInputTokens: 140,
      cacheWrite5mInputTokens: 100,
      cacheWrite1hInputTokens: 40,
    },
  },
  {
    name: "Anthropic: the turns of a server-side tool loop are counted in the message already",
    source: "https://docs.claude.com/en/api/messages (usage.iterations)",
    usage: {
      input_tokens: 30,
      output_tokens: 9,
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
      iterations: [
        { type: "message", input_tokens: 10, output_tokens: 4 },
        { type: "message", input_tokens: 20, output_tokens: 5 },
      ],
    },
    expected: { inputTokens: 30, outputTokens: 9, totalTokens: 39, webSearchRequests: 2 },
  },
  {
    name: "OpenAI Chat: rejected predictions are part of the completion",
    source: "https://platform.openai.com/docs/guides/predicted-outputs",
    usage: {
      prompt_tokens: 200,
      completion_tokens: 120,
      total_tokens: 320,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 60,
        rejected_prediction_tokens: 20,
      },
    },
    expected: {
      inputTokens: 200,
      outputTokens: 120,
      totalTokens: 320,
      cacheReadInputTokens: 0,
      inputAudioTokens: 0,
      outputAudioTokens: 0,
      reasoningOutputTokens: 0,
    },
  },
  {
    name: "a server that sends null for its details (vLLM)",
    source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
    usage: {
      prompt_tokens: 5,
      completion_tokens: 2,
      total_tokens: 7,
      prompt_tokens_details: null,
    },
    expected: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
  },
  {
    name: "DeepSeek: hits and misses are the prompt where that is not given",
    source: "https://api-docs.deepseek.com/guides/kv_cache",
    usage: { prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36, completion_tokens: 10 },
    expected: {
      inputTokens: 100,
      outputTokens: 10,
      totalTokens: 110,
      cacheReadInputTokens: 64,
    },
  },
  {
    name: "Moonshot: what was cached stands beside the counts",
    source: "https://platform.moonshot.ai/docs/api/chat",
    usage: { prompt_tokens: 19, completion_tokens: 21, total_tokens: 40, cached_tokens: 10 },
    expected: {
      inputTokens: 19,
      outputTokens: 21,
      totalTokens: 40,
      cacheReadInputTokens: 10,
    },
  },
  {
    name: "LiteLLM: Anthropic's names beside OpenAI's, and the prompt includes the cache",
    source: "https://docs.litellm.ai/docs/completion/prompt_caching",
    usage: {
      prompt_tokens: 1_500,
      completion_tokens: 50,
      total_tokens: 1_550,
      prompt_tokens_details: { cached_tokens: 1_000 },
      cache_read_input_tokens: 1_000,
      cache_creation_input_tokens: 400,
    },
    expected: {
      inputTokens: 1_500,
      outputTokens: 50,
      totalTokens: 1_550,
      cacheReadInputTokens: 1_000,
      cacheWriteInputTokens: 400,
    },
  },
  {
    name: "LiteLLM: what was written to the cache stands in the details",
    source: "https://docs.litellm.ai/docs/completion/prompt_caching",
    usage: {
      prompt_tokens: 1_500,
      completion_tokens: 50,
      total_tokens: 1_550,
      prompt_tokens_details: { cached_tokens: 0, cache_creation_tokens: 400 },
    },
    expected: {
      inputTokens: 1_500,
      outputTokens: 50,
      totalTokens: 1_550,
      cacheReadInputTokens: 0,
      cacheWriteInputTokens: 400,
    },
  },
  {
    name: "a gateway that leaves the cache out of the prompt, and has no total",
    source: "https://portkey.ai/docs/integrations/llms/anthropic/prompt-caching",
    usage: { prompt_tokens: 10, completion_tokens: 5, cache_read_input_tokens: 90 },
    expected: {
      inputTokens: 100,
      outputTokens: 5,
      totalTokens: 105,
      cacheReadInputTokens: 90,
    },
  },
  {
    name: "a gateway that leaves the cache out of the prompt says so by its total",
    source: "https://portkey.ai/docs/integrations/llms/anthropic/prompt-caching",
    usage: {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 200,
      cache_read_input_tokens: 30,
      cache_creation_input_tokens: 20,
    },
    expected: {
      inputTokens: 150,
      outputTokens: 50,
      totalTokens: 200,
      cacheReadInputTokens: 30,
      cacheWriteInputTokens: 20,
    },
  },
  {
    name: "xAI: reasoning stands beside the completion",
    source: "https://docs.x.ai/docs/guides/reasoning",
    usage: {
      prompt_tokens: 32,
      completion_tokens: 9,
      total_tokens: 135,
      prompt_tokens_details: {
        text_tokens: 32,
        audio_tokens: 0,
        image_tokens: 0,
        cached_tokens: 6,
      },
      completion_tokens_details: { reasoning_tokens: 94, audio_tokens: 0 },
      num_sources_used: 0,
    },
    expected: {
      inputTokens: 32,
      outputTokens: 103,
      totalTokens: 135,
      cacheReadInputTokens: 6,
      inputAudioTokens: 0,
      inputImageTokens: 0,
      outputAudioTokens: 0,
      reasoningOutputTokens: 94,
    },
  },
  {
    name: "xAI: its older form has the parts beside the counts",
    source: "https://github.com/pydantic/genai-prices/blob/main/prices/providers/x_ai.yml",
    usage: {
      prompt_tokens: 30,
      completion_tokens: 10,
      total_tokens: 60,
      reasoning_tokens: 20,
      cached_prompt_text_tokens: 8,
    },
    expected: {
      inputTokens: 30,
      outputTokens: 30,
      totalTokens: 60,
      cacheReadInputTokens: 8,
      reasoningOutputTokens: 20,
    },
  },
  {
    name: "xAI: as much cached as was thought is no cache beside the prompt",
    source: "https://docs.x.ai/docs/guides/reasoning",
    usage: {
      prompt_tokens: 5,
      completion_tokens: 0,
      total_tokens: 10,
      prompt_tokens_details: { cached_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 5 },
    },
    expected: {
      inputTokens: 5,
      outputTokens: 5,
      totalTokens: 10,
      cacheReadInputTokens: 5,
      reasoningOutputTokens: 5,
    },
  },
  {
    name: "a server whose total leaves out reasoning that is more than the completion",
    source: "https://docs.perplexity.ai/getting-started/pricing",
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      completion_tokens_details: { reasoning_tokens: 20 },
    },
    expected: {
      inputTokens: 10,
      outputTokens: 25,
      totalTokens: 35,
      reasoningOutputTokens: 20,
    },
  },
  {
    name: "a server that counts reasoning within the completion at the top (SGLang)",
    source: "https://docs.sglang.ai/basic_usage/openai_api_completions.html",
    usage: { prompt_tokens: 10, completion_tokens: 40, total_tokens: 50, reasoning_tokens: 30 },
    expected: {
      inputTokens: 10,
      outputTokens: 40,
      totalTokens: 50,
      reasoningOutputTokens: 30,
    },
  },
  {
    name: "Perplexity: reasoning and citations are charged beside the completion, and so are searches",
    source: "https://docs.perplexity.ai/getting-started/pricing",
    usage: {
      prompt_tokens: 33,
      completion_tokens: 7_163,
      total_tokens: 7_196,
      citation_tokens: 20_016,
      num_search_queries: 18,
      reasoning_tokens: 7_000,
      search_context_size: "low",
    },
    expected: {
      inputTokens: 33,
      outputTokens: 34_179,
      totalTokens: 34_212,
      reasoningOutputTokens: 7_000,
      citationOutputTokens: 20_016,
      webSearchRequests: 18,
    },
  },
  {
    name: "Mistral, Together, Fireworks and OpenRouter send more than counts",
    source: "https://openrouter.ai/docs/use-cases/usage-accounting",
    usage: {
      prompt_tokens: 194,
      completion_tokens: 2,
      total_tokens: 196,
      cost: 0.95,
      is_byok: false,
      cost_details: { upstream_inference_cost: 19 },
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 100, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
    expected: {
      inputTokens: 194,
      outputTokens: 2,
      totalTokens: 196,
      cacheReadInputTokens: 0,
      cacheWriteInputTokens: 100,
      inputAudioTokens: 0,
      reasoningOutputTokens: 0,
    },
  },
  {
    name: "Cohere: what is charged for comes before what was processed",
    source: "https://docs.cohere.com/v2/docs/how-does-cohere-pricing-work",
    usage: {
      billed_units: { input_tokens: 5, output_tokens: 418 },
      tokens: { input_tokens: 71, output_tokens: 418 },
      cached_tokens: 2,
    },
    expected: {
      inputTokens: 5,
      outputTokens: 418,
      totalTokens: 423,
      cacheReadInputTokens: 2,
    },
  },
  {
    name: "Cohere: where nothing is charged for, what was processed",
    source: "https://docs.cohere.com/reference/chat",
    usage: { tokens: { input_tokens: 71, output_tokens: 418 } },
    expected: { inputTokens: 71, outputTokens: 418, totalTokens: 489 },
  },
  {
    name: "Ollama: the counts stand in the answer",
    source: "https://github.com/ollama/ollama/blob/main/docs/api.md",
    usage: { prompt_eval_count: 26, prompt_eval_duration: 130_079_000, eval_count: 259 },
    expected: { inputTokens: 26, outputTokens: 259, totalTokens: 285 },
  },
  {
    name: "Gemini's Interactions API: thoughts that the total counts beside the output",
    source: "https://ai.google.dev/gemini-api/docs/interactions",
    usage: {
      total_input_tokens: 20,
      input_tokens_by_modality: [
        { modality: "text", tokens: 12 },
        { modality: "audio", tokens: 8 },
      ],
      total_tool_use_tokens: 5,
      total_cached_tokens: 4,
      total_output_tokens: 30,
      total_thought_tokens: 40,
      total_tokens: 95,
    },
    expected: {
      inputTokens: 25,
      outputTokens: 70,
      totalTokens: 95,
      cacheReadInputTokens: 4,
      reasoningOutputTokens: 40,
      inputAudioTokens: 8,
    },
  },
  {
    name: "Gemini's Interactions API: thoughts that the total counts within the output",
    source: "https://ai.google.dev/gemini-api/docs/interactions",
    usage: {
      total_input_tokens: 20,
      total_output_tokens: 70,
      total_thought_tokens: 40,
      total_tokens: 90,
    },
    expected: {
      inputTokens: 20,
      outputTokens: 70,
      totalTokens: 90,
      reasoningOutputTokens: 40,
    },
  },
  {
    name: "a transcription that is charged by the length of its audio",
    source: "https://platform.openai.com/docs/api-reference/audio/json-object",
    usage: { type: "duration", seconds: 12.5 },
    expected: { inputAudioSeconds: 12.5 },
  },
  {
    name: "a transcription that is charged by its tokens",
    source: "https://platform.openai.com/docs/api-reference/audio/json-object",
    usage: {
      type: "tokens",
      input_tokens: 14,
      input_token_details: { text_tokens: 4, audio_tokens: 10 },
      output_tokens: 45,
      total_tokens: 59,
    },
    expected: { inputTokens: 14, outputTokens: 45, totalTokens: 59, inputAudioTokens: 10 },
  },
  {
    name: "LangChain's messages",
    source:
      "https://reference.langchain.com/javascript/types/_langchain_core.messages.UsageMetadata.html",
    usage: {
      input_tokens: 350,
      output_tokens: 240,
      total_tokens: 590,
      input_token_details: { audio: 10, cache_creation: 200, cache_read: 100 },
      output_token_details: { audio: 10, reasoning: 200 },
    },
    expected: {
      inputTokens: 350,
      outputTokens: 240,
      totalTokens: 590,
      cacheReadInputTokens: 100,
      cacheWriteInputTokens: 200,
      inputAudioTokens: 10,
      outputAudioTokens: 10,
      reasoningOutputTokens: 200,
    },
  },
  {
    name: "OpenAI's Agents SDK: details of each request of a run",
    source: "https://openai.github.io/openai-agents-js/openai/agents-core/classes/usage/",
    usage: {
      requests: 2,
      inputTokens: 100,
      outputTokens: 20,
      totalTokens: 120,
      inputTokensDetails: [{ cached_tokens: 30 }, { cached_tokens: 10 }],
      outputTokensDetails: [{ reasoning_tokens: 5 }, { reasoning_tokens: 6 }],
    },
    expected: {
      inputTokens: 100,
      outputTokens: 20,
      totalTokens: 120,
      cacheReadInputTokens: 40,
      reasoningOutputTokens: 11,
    },
  },
  {
    name: "the Claude Agent SDK: the cache stands beside the input, however large it is",
    source: "https://docs.claude.com/en/api/agent-sdk/typescript (ModelUsage)",
    usage: {
      inputTokens: 100,
      outputTokens: 20,
      cacheReadInputTokens: 30,
      cacheCreationInputTokens: 10,
      webSearchRequests: 1,
      costUSD: 0.01,
      contextWindow: 200_000,
    },
    expected: {
      inputTokens: 140,
      outputTokens: 20,
      totalTokens: 160,
      cacheReadInputTokens: 30,
      cacheWriteInputTokens: 10,
      webSearchRequests: 1,
    },
  },
  {
    name: "the AI SDK's language models from specification 3 on, with the provider's own object",
    source:
      "https://github.com/vercel/ai/blob/main/packages/provider/src/language-model/v4/language-model-v4-usage.ts",
    usage: {
      inputTokens: { total: 150, noCache: 40, cacheRead: 30, cacheWrite: 80 },
      outputTokens: { total: 20, text: 15, reasoning: 5 },
      raw: {
        input_tokens: 40,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 70 },
        server_tool_use: { web_search_requests: 3 },
      },
    },
    expected: {
      inputTokens: 150,
      outputTokens: 20,
      totalTokens: 170,
      cacheReadInputTokens: 30,
      cacheWriteInputTokens: 80,
      cacheWrite5mInputTokens: 10,
      cacheWrite1hInputTokens: 70,
      reasoningOutputTokens: 5,
      webSearchRequests: 3,
    },
  },
  {
    name: "Amazon Nova: its own form has the names of two of Bedrock's APIs",
    source: "https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html",
    usage: {
      inputTokens: 10,
      outputTokens: 4,
      totalTokens: 14,
      cacheReadInputTokenCount: 90,
      cacheWriteInputTokenCount: 20,
    },
    expected: {
      inputTokens: 120,
      outputTokens: 4,
      totalTokens: 124,
      cacheReadInputTokens: 90,
      cacheWriteInputTokens: 20,
    },
  },
];

describe("what providers are documented to send", () => {
  test.for(cases.map((one) => [one.name, one] as const))("%s", ([, { usage, expected }]) => {
    const before = structuredClone(usage);

    expect(normalizeUsage(usage)).toEqual(expected);
    expect(usage).toEqual(before);
  });

  test("every case names its source", () => {
    for (const { source } of cases) expect(source).toMatch(/^https:\/\/[\w.-]+\.\w+\//);
  });
});

describe("what looks like another provider's", () => {
  test("an embedding of the AI SDK counts its tokens as a number, unlike Cohere", () => {
    expect(normalizeUsage({ tokens: 8, inputTokens: 8 })).toEqual({ inputTokens: 8 });
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "12", null])(
    "%s is no length of audio",
    (seconds) => {
      expect(normalizeUsage({ type: "duration", seconds })).toEqual({});
    },
  );
});
