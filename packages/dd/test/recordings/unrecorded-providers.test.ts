import { BedrockRuntimeClient, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { instrumentBedrock, instrumentOpenAI } from "@llmdevops/dd-llm";
import { createMockClient } from "@llmdevops/dd-testing";
import OpenAI, { AzureOpenAI } from "openai";
import { beforeEach, describe, expect, test } from "vitest";

const client = createMockClient({ service: "unrecorded" });

beforeEach(() => client.reset());

/** What an answer of the provider is documented to hold, and what has to be known of it. */
interface Exchange {
  readonly name: string;
  readonly baseURL: string;
  readonly model: string;
  /** Events of a stream, or one complete answer. */
  readonly answer: readonly object[] | object;
  readonly tags: Readonly<Record<string, unknown>>;
  /** USD; `undefined` where the price list does not know the model. */
  readonly cost: number | undefined;
}

const text = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const end = (more: object = {}) => ({
  choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
  ...more,
});
const usage = (counts: object) => ({ choices: [], usage: counts });

const exchanges: readonly Exchange[] = [
  {
    // https://console.groq.com/docs/api-reference#chat-create
    name: "Groq, whose stream has usage in a place of its own",
    baseURL: "https://api.groq.com/openai/v1",
    model: "llama-3.1-8b-instant",
    answer: [
      text("Hello"),
      end({
        service_tier: "flex",
        x_groq: {
          id: "req_1",
          usage: {
            queue_time: 0.1,
            prompt_tokens: 1_000,
            completion_tokens: 500,
            total_tokens: 1_500,
          },
        },
      }),
    ],
    tags: { "llm.provider": "groq", "llm.input_tokens": 1_000, "llm.output_tokens": 500 },
    cost: (1_000 * 0.05 + 500 * 0.08) / 1e6,
  },
  {
    // https://docs.x.ai/docs/guides/reasoning
    name: "xAI, which counts reasoning beside the completion",
    baseURL: "https://api.x.ai/v1",
    model: "grok-3-mini",
    answer: {
      model: "grok-3-mini",
      choices: [
        { index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" },
      ],
      usage: {
        prompt_tokens: 1_000,
        completion_tokens: 100,
        total_tokens: 1_500,
        prompt_tokens_details: { text_tokens: 1_000, cached_tokens: 200 },
        completion_tokens_details: { reasoning_tokens: 400 },
        num_sources_used: 0,
      },
    },
    tags: {
      "llm.provider": "x-ai",
      "llm.input_tokens": 1_000,
      "llm.cache_read_input_tokens": 200,
      "llm.output_tokens": 500,
      "llm.reasoning_tokens": 400,
      "llm.total_tokens": 1_500,
    },
    cost: (800 * 0.3 + 200 * 0.075 + 500 * 0.5) / 1e6,
  },
  {
    // https://platform.moonshot.ai/docs/api/chat
    name: "Moonshot, which says beside the counts what was cached",
    baseURL: "https://api.moonshot.ai/v1",
    model: "kimi-k2-0905-preview",
    answer: [
      text("Hello"),
      end(),
      usage({
        prompt_tokens: 1_000,
        completion_tokens: 100,
        total_tokens: 1_100,
        cached_tokens: 400,
      }),
    ],
    tags: { "llm.provider": "moonshotai", "llm.cache_read_input_tokens": 400 },
    cost: (600 * 0.6 + 400 * 0.15 + 100 * 2.5) / 1e6,
  },
  {
    // https://api-docs.deepseek.com/guides/kv_cache
    name: "DeepSeek, which counts hits and misses of its cache",
    baseURL: "https://api.deepseek.com",
    model: "deepseek-unlisted",
    answer: [
      text("Hello"),
      end(),
      usage({
        prompt_tokens: 100,
        completion_tokens: 10,
        total_tokens: 110,
        prompt_cache_hit_tokens: 64,
        prompt_cache_miss_tokens: 36,
      }),
    ],
    tags: {
      "llm.provider": "deepseek",
      "llm.input_tokens": 100,
      "llm.cache_read_input_tokens": 64,
    },
    cost: undefined,
  },
  {
    // https://docs.perplexity.ai/getting-started/pricing
    name: "Perplexity, which charges for reasoning, citations and searches",
    baseURL: "https://api.perplexity.ai",
    model: "sonar-deep-research",
    answer: [
      text("Hello"),
      end({
        usage: {
          prompt_tokens: 33,
          completion_tokens: 7_163,
          total_tokens: 7_196,
          citation_tokens: 20_016,
          num_search_queries: 18,
          reasoning_tokens: 73_994,
        },
      }),
    ],
    tags: {
      "llm.provider": "perplexity",
      "llm.input_tokens": 33,
      "llm.output_tokens": 101_173,
      "llm.reasoning_tokens": 73_994,
    },
    cost: 0.409384,
  },
  {
    // https://openrouter.ai/docs/use-cases/usage-accounting
    name: "OpenRouter, whose models begin with their maker",
    baseURL: "https://openrouter.ai/api/v1",
    model: "openai/gpt-4o",
    answer: [
      { id: "gen-1", model: "openai/gpt-4o", provider: "OpenAI", ...text("Hello") },
      end(),
      usage({ prompt_tokens: 194, completion_tokens: 2, total_tokens: 196, cost: 0.000505 }),
    ],
    tags: { "llm.provider": "openrouter", "llm.response_model": "openai/gpt-4o" },
    cost: (194 * 2.5 + 2 * 10) / 1e6,
  },
  {
    // https://docs.litellm.ai/docs/completion/prompt_caching
    name: "a LiteLLM gateway, which keeps Anthropic's names",
    baseURL: "http://gateway.internal:4000/v1",
    model: "openai/gpt-4o",
    answer: {
      model: "openai/gpt-4o",
      choices: [
        { index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" },
      ],
      usage: {
        prompt_tokens: 1_000,
        completion_tokens: 100,
        total_tokens: 1_100,
        cache_read_input_tokens: 600,
        cache_creation_input_tokens: 0,
      },
    },
    tags: { "llm.input_tokens": 1_000, "llm.cache_read_input_tokens": 600 },
    cost: (400 * 2.5 + 600 * 1.25 + 100 * 10) / 1e6,
  },
];

const eventsOf = (events: readonly object[]) =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

function answering(answer: readonly object[] | object) {
  const isStream = Array.isArray(answer);
  const body = isStream ? `${eventsOf(answer)}data: [DONE]\n\n` : JSON.stringify(answer);
  const type = isStream ? "text/event-stream" : "application/json";
  return {
    apiKey: "test",
    maxRetries: 0,
    fetch: async () => new Response(body, { headers: { "content-type": type } }),
  };
}

async function readAll(answer: unknown): Promise<void> {
  if (typeof answer !== "object" || answer === null || !(Symbol.asyncIterator in answer)) return;
  for await (const event of answer as AsyncIterable<unknown>) void event;
}

function onlyTags(): Readonly<Record<string, unknown>> {
  const spans = client.getSpans();

  expect(spans).toHaveLength(1);
  return spans[0]?.tags ?? {};
}

function expectCost(tags: Readonly<Record<string, unknown>>, cost: number | undefined): void {
  if (cost === undefined) expect(tags).not.toHaveProperty("llm.cost.total_usd");
  else expect(tags["llm.cost.total_usd"]).toBeCloseTo(cost, 9);
}

describe("chat with a provider that speaks OpenAI's API", () => {
  test.for(exchanges.map((exchange) => [exchange.name, exchange] as const))(
    "%s",
    async ([, { baseURL, model, answer, tags: expected, cost }]) => {
      const openai = instrumentOpenAI(new OpenAI({ ...answering(answer), baseURL }), {
        llm: client,
      });
      const messages = [{ role: "user" as const, content: "Hello" }];

      await readAll(
        await openai.chat.completions.create({ model, messages, stream: Array.isArray(answer) }),
      );

      const tags = onlyTags();
      expect(tags).toMatchObject({ ...expected, "llm.finish_reason": "stop" });
      expectCost(tags, cost);
    },
  );

  test("a deployment of Azure is priced by the model that answers, and its filters are no content", async () => {
    const answer = [
      { choices: [], model: "", prompt_filter_results: [{ prompt_index: 0 }] },
      { ...text("Hello"), model: "gpt-4o-mini-2024-07-18" },
      end(),
      usage({ prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 }),
    ];
    const azure = instrumentOpenAI(
      new AzureOpenAI({
        ...answering(answer),
        endpoint: "https://acme.openai.azure.com",
        apiVersion: "2024-10-21",
        deployment: "support-bot",
      }),
      { llm: client },
    );

    await readAll(
      await azure.chat.completions.create({
        model: "support-bot",
        messages: [{ role: "user", content: "Hello" }],
        stream: true,
      }),
    );

    const tags = onlyTags();
    expect(tags).toMatchObject({
      "llm.provider": "azure",
      "llm.model": "support-bot",
      "llm.response_model": "gpt-4o-mini-2024-07-18",
    });
    expectCost(tags, (1_000 * 0.15 + 100 * 0.6) / 1e6);
  });
});

describe("OpenAI beyond chat", () => {
  test("searches of the web in the Responses API are charged for", async () => {
    const answer = {
      id: "resp_1",
      object: "response",
      model: "gpt-5-2025-08-07",
      status: "completed",
      output: [
        { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search" } },
        { type: "web_search_call", id: "ws_2", status: "completed", action: { type: "open_page" } },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Found." }] },
      ],
      usage: {
        input_tokens: 1_000,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 100,
        output_tokens_details: { reasoning_tokens: 60 },
        total_tokens: 1_100,
      },
    };
    const openai = instrumentOpenAI(new OpenAI(answering(answer)), { llm: client });

    await openai.responses.create({
      model: "gpt-5",
      input: "News?",
      tools: [{ type: "web_search" }],
    });

    expectCost(onlyTags(), (1_000 * 1.25 + 100 * 10) / 1e6 + 0.01);
  });

  test("a transcription by Whisper is charged for its length", async () => {
    const answer = { text: "Hello", usage: { type: "duration", seconds: 1_800 } };
    const openai = instrumentOpenAI(new OpenAI(answering(answer)), { llm: client });

    await openai.audio.transcriptions.create({
      model: "whisper-1",
      file: new File(["audio"], "hello.wav"),
    });

    expectCost(onlyTags(), 0.18);
  });

  test("a stream of a transcription has its usage at the end", async () => {
    const answer = [
      { type: "transcript.text.delta", delta: "Hello" },
      {
        type: "transcript.text.done",
        text: "Hello",
        usage: {
          type: "tokens",
          input_tokens: 100,
          input_token_details: { text_tokens: 20, audio_tokens: 80 },
          output_tokens: 10,
          total_tokens: 110,
        },
      },
    ];
    const openai = instrumentOpenAI(new OpenAI(answering(answer)), { llm: client });

    await readAll(
      await openai.audio.transcriptions.create({
        model: "gpt-4o-transcribe",
        file: new File(["audio"], "hello.wav"),
        stream: true,
      }),
    );

    const tags = onlyTags();
    expect(tags).toMatchObject({ "llm.input_tokens": 100, "llm.stream_outcome": "completed" });
    expectCost(tags, (20 * 2.5 + 80 * 6 + 10 * 10) / 1e6);
  });

  test("a stream of images has its usage at the end", async () => {
    const answer = [
      { type: "image_generation.partial_image", b64_json: "iVBORw0KGgo=", partial_image_index: 0 },
      {
        type: "image_generation.completed",
        b64_json: "iVBORw0KGgo=",
        usage: {
          input_tokens: 50,
          input_tokens_details: { text_tokens: 10, image_tokens: 40 },
          output_tokens: 272,
          total_tokens: 322,
        },
      },
    ];
    const openai = instrumentOpenAI(new OpenAI(answering(answer)), { llm: client });

    await readAll(
      await openai.images.generate({ model: "gpt-image-1", prompt: "A cat", stream: true }),
    );

    const tags = onlyTags();
    expect(tags).toMatchObject({ "llm.request_type": "image", "llm.output_tokens": 272 });
    expectCost(tags, (10 * 5 + 40 * 10 + 272 * 40) / 1e6);
  });
});

describe("models on Amazon Bedrock without counts in their answers", () => {
  test.each([
    [
      "cohere.command-r-v1:0",
      { text: "Hello", generation_id: "g", finish_reason: "COMPLETE" },
      "stop",
    ],
    [
      "cohere.command-text-v14",
      { generations: [{ text: "Hello", finish_reason: "MAX_TOKENS" }] },
      "length",
    ],
    [
      "mistral.mistral-large-2402-v1:0",
      { choices: [{ index: 0, message: { content: "Hello" }, stop_reason: "stop" }] },
      "stop",
    ],
    [
      "ai21.j2-ultra-v1",
      { completions: [{ data: { text: "Hello" }, finishReason: { reason: "endoftext" } }] },
      "stop",
    ],
    ["us.deepseek.r1-v1:0", { choices: [{ text: "Hello", stop_reason: "length" }] }, "length"],
  ])("%s is counted by the headers", async (modelId, answer, finishReason) => {
    const bedrock = new BedrockRuntimeClient({
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      requestHandler: {
        handle: async () => ({
          response: {
            statusCode: 200,
            headers: {
              "content-type": "application/json",
              "x-amzn-bedrock-input-token-count": "12",
              "x-amzn-bedrock-output-token-count": "3",
            },
            body: new Blob([JSON.stringify(answer)]).stream(),
          },
        }),
      },
    });
    instrumentBedrock(bedrock, { llm: client });

    await bedrock.send(new InvokeModelCommand({ modelId, body: JSON.stringify({ prompt: "Hi" }) }));

    expect(onlyTags()).toMatchObject({
      "llm.input_tokens": 12,
      "llm.output_tokens": 3,
      "llm.finish_reason": finishReason,
    });
  });
});
