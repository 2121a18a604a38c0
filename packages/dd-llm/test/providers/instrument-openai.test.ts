import { channel } from "node:diagnostics_channel";
import OpenAI, { APIPromise, AzureOpenAI, toFile } from "openai";
import { Stream } from "openai/streaming";
import { describe, expect, test } from "vitest";
import { instrumentOpenAI, uninstrument } from "../../src/index.ts";
import { chatChunks, eventStream, readAll } from "../support/streams.ts";
import { jsonResponse, recordedSpans } from "./recorded-spans.ts";

const completion = {
  id: "c1",
  object: "chat.completion",
  model: "gpt-4o-2024-08-06",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "hello" } }],
  usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
};
const request = { model: "gpt-4o", messages: [{ role: "user" as const, content: "q" }] };

/** A client that gets these answers one after another, and what it sent. */
function openAI(...answers: (() => Response)[]) {
  const recorded = recordedSpans();
  const bodies: unknown[] = [];
  const bare = new OpenAI({
    apiKey: "test",
    maxRetries: 2,
    fetch: async (_url, init) => {
      bodies.push(typeof init?.body === "string" ? JSON.parse(init.body) : init?.body);
      return (answers.length > 1 ? answers.shift() : answers[0])?.() ?? new Response();
    },
  });
  const client = instrumentOpenAI(bare, { llm: recorded.recorder });
  return { ...recorded, bare, client, bodies };
}

describe("the client stays what it was", () => {
  test("it is the same object with the same visible properties", () => {
    const { bare, client } = openAI();

    expect(client).toBe(bare);
    expect(client).toBeInstanceOf(OpenAI);
    expect(Object.keys(client)).toEqual(Object.keys(new OpenAI({ apiKey: "test" })));
  });

  test("a call gives an APIPromise that parses when it is awaited", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion));

    const promise = client.chat.completions.create(request);
    expect(promise).toBeInstanceOf(APIPromise);
    expect((await promise).choices[0]?.message.content).toBe("hello");
    expect(await promise).toBe(await promise);

    expect(spans).toHaveLength(1);
    expect(spans[0]?.finished).toBe(true);
  });

  test("withResponse gives data and response", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion, { "x-request-id": "req_1" }));

    const { data, response, request_id } = await client.chat.completions
      .create(request)
      .withResponse();

    expect([Reflect.get(data, "_request_id"), request_id, response.status]).toEqual([
      "req_1",
      "req_1",
      200,
    ]);
    expect(spans[0]?.getTag("llm.request_id")).toBe("req_1");
    expect(spans[0]?.getTag("llm.input_tokens")).toBe(100);
  });

  test("asResponse leaves the body to the application and ends the span with the headers", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion, { "x-request-id": "req_1" }));

    const response = await client.chat.completions.create(request).asResponse();
    await new Promise((resolve) => setImmediate(resolve));

    expect(spans[0]?.finished).toBe(true);
    expect(spans[0]?.getTag("llm.request_id")).toBe("req_1");
    expect(spans[0]?.getTag("llm.input_tokens")).toBeUndefined();
    expect(await response.json()).toEqual(completion);
  });

  test("a promise that is parsed right after asResponse is recorded whole", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion));

    const promise = client.chat.completions.create(request);
    await promise.asResponse();
    await promise;

    expect(spans[0]?.getTag("llm.output_tokens")).toBe(20);
  });

  test("a rejection that nobody handles stays unhandled, a handled one is handled", async () => {
    const { client } = openAI(() => jsonResponse({ error: { message: "no" } }, {}, 400));
    const unhandled: unknown[] = [];
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => unhandled.push(error));

    await client.chat.completions.create(request).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(unhandled).toEqual([]);

    void client.chat.completions.create(request);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
    expect(unhandled).toHaveLength(1);
  });

  test("wrapping twice records once, unwrapping ends it and wrapping again works", async () => {
    const { client, spans, recorder } = openAI(() => jsonResponse(completion));

    instrumentOpenAI(client, { llm: recorder });
    await client.chat.completions.create(request);
    expect(spans).toHaveLength(1);

    expect(uninstrument(client)).toBe(client);
    expect(Object.hasOwn(client, "post")).toBe(false);
    await client.chat.completions.create(request);
    expect(spans).toHaveLength(1);

    instrumentOpenAI(client, { llm: recorder });
    await client.chat.completions.create(request);
    expect(spans).toHaveLength(2);
  });

  test("unwrapping leaves what others have put over it, which then reaches the bare client", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion));
    const ours = client.post;
    let calls = 0;
    client.post = ((...args: Parameters<typeof ours>) => {
      calls += 1;
      return ours.apply(client, args);
    }) as typeof ours;

    uninstrument(client);
    await client.chat.completions.create(request);

    expect([calls, spans.length]).toEqual([1, 0]);
  });

  test("a client made by withOptions is recorded, too", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion));

    await client.withOptions({ timeout: 1_000 }).chat.completions.create(request);

    expect(spans).toHaveLength(1);
  });

  test("what is no model call is not recorded", async () => {
    const { client, spans } = openAI(() => jsonResponse({ id: "f1" }));

    await client.conversations.create({});
    await client.models.list();

    expect(spans).toEqual([]);
  });

  test("a request that cannot be read is sent all the same", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion));
    const hostile = Object.defineProperty({ ...request }, "temperature", {
      get: () => {
        throw new Error("no");
      },
      enumerable: false,
    });

    expect(await client.chat.completions.create(hostile)).toMatchObject({ id: "c1" });
    expect(spans).toEqual([]);
  });
});

describe("streams", () => {
  const streamed =
    (...texts: string[]) =>
    () =>
      eventStream([...chatChunks(...texts), "[DONE]"]);
  const chatStream = { ...request, stream: true as const };

  test("usage is asked for and its chunk is kept from an application that did not ask", async () => {
    const { client, spans, bodies } = openAI(streamed("a", "b"));
    const mine = { ...chatStream };

    const stream = await client.chat.completions.create(mine);
    expect(stream).toBeInstanceOf(Stream);
    const chunks = await readAll(stream);

    expect(mine).toEqual(chatStream);
    expect(bodies).toMatchObject([{ stream_options: { include_usage: true } }]);
    expect(chunks).toHaveLength(4);
    expect(JSON.stringify(chunks)).not.toContain("usage");
    expect(spans[0]?.getTag("llm.output_tokens")).toBe(20);
  });

  test("an application that asked for usage, or refused it, gets what it asked for", async () => {
    const { client, bodies } = openAI(streamed("a"));

    const asked = await client.chat.completions.create({
      ...chatStream,
      stream_options: { include_usage: true },
    });
    expect(await readAll(asked)).toHaveLength(4);
    await readAll(
      await client.chat.completions.create({
        ...chatStream,
        stream_options: { include_usage: false },
      }),
    );

    expect(bodies[1]).toMatchObject({ stream_options: { include_usage: false } });
  });

  test("asking for usage can be turned off", async () => {
    const { bodies, bare, recorder } = openAI(streamed("a"));
    instrumentOpenAI(uninstrument(bare), { llm: recorder, requestStreamUsage: false });

    await readAll(await bare.chat.completions.create(chatStream));

    expect(bodies[0]).toEqual(chatStream);
  });

  test("tee gives both halves everything but the hidden chunk", async () => {
    const { client, spans } = openAI(streamed("a", "b"));

    const [left, right] = (await client.chat.completions.create(chatStream)).tee();
    const chunks = await Promise.all([readAll(left), readAll(right)]);

    expect(chunks.map((list) => list.length)).toEqual([4, 4]);
    expect(spans[0]?.getTag("llm.stream_outcome")).toBe("completed");
    expect(spans[0]?.getTag("llm.input_tokens")).toBe(100);
  });

  test("toReadableStream carries the same chunks", async () => {
    const { client, spans } = openAI(streamed("a"));

    const stream = await client.chat.completions.create(chatStream);
    const lines = (await new Response(stream.toReadableStream()).text()).trim().split("\n");

    expect(lines).toHaveLength(3);
    expect(spans[0]?.getTag("llm.stream_outcome")).toBe("completed");
  });

  test("leaving the loop aborts the request through the SDK's own controller", async () => {
    const { client, spans } = openAI(streamed("a", "b"));

    const stream = await client.chat.completions.create(chatStream);
    for await (const _chunk of stream) break;

    expect(stream.controller.signal.aborted).toBe(true);
    expect(spans[0]?.getTag("llm.stream_outcome")).toBe("cancelled");
  });

  test("the helpers on top of a stream make one span", async () => {
    const { client, spans } = openAI(streamed("hel", "lo"));

    const runner = client.chat.completions.stream(request);

    expect(await runner.finalContent()).toBe("hello");
    expect(spans).toHaveLength(1);
    expect(spans[0]?.getTag("llm.stream_outcome")).toBe("completed");
  });

  test("parse makes one span and keeps its parsed result", async () => {
    const { client, spans } = openAI(() => jsonResponse(completion));

    const parsed = await client.chat.completions.parse(request);

    expect(parsed.choices[0]?.message.parsed).toBeNull();
    expect(spans).toHaveLength(1);
  });
});

describe("what is recorded", () => {
  test("parameters, organisation, rate limits and request id", async () => {
    const { client, spans, started } = openAI(() =>
      jsonResponse(completion, {
        "x-request-id": "req_1",
        "openai-organization": "acme",
        "x-ratelimit-remaining-requests": "99",
        "x-ratelimit-remaining-tokens": "1000",
      }),
    );

    await client.chat.completions.create({
      ...request,
      temperature: 0.2,
      reasoning_effort: "low",
      response_format: { type: "json_object" },
      tools: [
        { type: "function", function: { name: "search", parameters: {} } },
        { type: "function", function: { name: "open", parameters: {} } },
      ],
    });

    expect(started[0]?.parameters).toEqual({
      temperature: 0.2,
      reasoning_effort: "low",
      response_format: "json_object",
      tool_names: "search,open",
    });
    const tag = (name: string) => spans[0]?.getTag(name);
    expect(tag("llm.parameters.temperature")).toBe(0.2);
    expect(tag("llm.organization")).toBe("acme");
    expect(tag("llm.ratelimit.remaining_requests")).toBe(99);
    expect(tag("llm.ratelimit.remaining_tokens")).toBe(1000);
    expect(tag("llm.request_id")).toBe("req_1");
    expect(tag("http.status_code")).toBe(200);
  });

  test("retries of the SDK are counted on one span", async () => {
    const busy = () => jsonResponse({ error: { message: "busy" } }, { "retry-after-ms": "1" }, 503);
    const { client, spans } = openAI(busy, busy, () => jsonResponse(completion));

    await client.chat.completions.create(request);

    expect(spans).toHaveLength(1);
    expect(spans[0]?.getTag("llm.retries")).toBe(2);
    expect(spans[0]?.getTag("error.type")).toBeUndefined();
  });

  test("a refusal is classified and keeps its request id", async () => {
    const { client, spans } = openAI(() =>
      jsonResponse(
        { error: { message: "too long", code: "context_length_exceeded" } },
        { "x-request-id": "req_2" },
        400,
      ),
    );

    await expect(client.chat.completions.create(request)).rejects.toThrow("too long");

    expect(spans[0]?.getTag("error.type")).toBe("context_length");
    expect(spans[0]?.getTag("llm.request_id")).toBe("req_2");
    expect(spans[0]?.getTag("http.status_code")).toBe(400);
  });

  test.each<[string, string, string, (client: OpenAI) => Promise<unknown>]>([
    [
      "responses",
      "chat",
      "gpt-5-mini",
      (c) => c.responses.create({ model: "gpt-5-mini", input: "q" }),
    ],
    [
      "completions",
      "completion",
      "gpt-3.5-turbo-instruct",
      (c) => c.completions.create({ model: "gpt-3.5-turbo-instruct", prompt: "q" }),
    ],
    [
      "embeddings",
      "embed",
      "text-embedding-3-small",
      (c) =>
        c.embeddings.create({
          model: "text-embedding-3-small",
          input: "q",
          encoding_format: "float",
        }),
    ],
    [
      "images",
      "image",
      "gpt-image-1",
      (c) => c.images.generate({ model: "gpt-image-1", prompt: "q" }),
    ],
    [
      "moderations",
      "moderation",
      "omni-moderation-latest",
      (c) => c.moderations.create({ model: "omni-moderation-latest", input: "q" }),
    ],
    [
      "speech",
      "audio",
      "tts-1",
      (c) => c.audio.speech.create({ model: "tts-1", voice: "alloy", input: "q" }),
    ],
    [
      "transcriptions",
      "audio",
      "whisper-1",
      async (c) =>
        c.audio.transcriptions.create({
          model: "whisper-1",
          file: await toFile(Buffer.from("x"), "a.wav"),
        }),
    ],
    [
      "batches",
      "embed",
      "unknown",
      (c) =>
        c.batches.create({
          endpoint: "/v1/embeddings",
          input_file_id: "f",
          completion_window: "24h",
        }),
    ],
  ])("%s are recorded as %s", async (_name, requestType, model, call) => {
    const { client, spans } = openAI(() =>
      jsonResponse({ model, output: [], data: [], usage: { input_tokens: 3, total_tokens: 3 } }),
    );

    await call(client);

    expect(spans).toHaveLength(1);
    expect(spans[0]?.finished).toBe(true);
    expect(spans[0]?.getTag("llm.request_type")).toBe(requestType);
    expect(spans[0]?.getTag("llm.model")).toBe(model);
  });

  test.each([
    ["https://api.openai.com/v1", "openai"],
    ["https://api.deepseek.com", "deepseek"],
    ["https://api.groq.com/openai/v1", "groq"],
    ["https://api.x.ai/v1", "x-ai"],
    ["https://openrouter.ai/api/v1", "openrouter"],
    ["https://generativelanguage.googleapis.com/v1beta/openai/", "google"],
    ["https://acme.openai.azure.com/openai/v1", "azure"],
    ["http://localhost:11434/v1", "ollama"],
    ["https://gateway.example.com/v1", "openai"],
    ["https://notopenrouter.ai.example.com", "openai"],
  ])("at %s the provider is %s", async (baseURL, provider) => {
    const { recorder, spans } = recordedSpans();
    const client = new OpenAI({
      apiKey: "test",
      baseURL,
      fetch: async () => jsonResponse(completion),
    });

    await instrumentOpenAI(client, { llm: recorder }).chat.completions.create(request);

    expect(spans[0]?.getTag("llm.provider")).toBe(provider);
  });

  test("an Azure client is recorded by its deployment", async () => {
    const { recorder, spans } = recordedSpans();
    const client = instrumentOpenAI(
      new AzureOpenAI({
        apiKey: "test",
        apiVersion: "2024-10-21",
        endpoint: "https://acme.openai.azure.com",
        fetch: async () =>
          jsonResponse(completion, { "apim-request-id": "az", "x-ms-region": "Sweden" }),
      }),
      { llm: recorder },
    );

    await client.chat.completions.create({ ...request, model: "my-gpt" });

    expect(spans[0]?.getTag("llm.provider")).toBe("azure");
    expect(spans[0]?.getTag("llm.model")).toBe("my-gpt");
    expect(spans[0]?.getTag("llm.response_model")).toBe("gpt-4o-2024-08-06");
    expect(spans[0]?.getTag("llm.region")).toBe("Sweden");
  });
});

test("a warning names the line that turns dd-trace's own integration off, once", async () => {
  const { recorder } = recordedSpans();
  const warnings: string[] = [];
  const logger = { warn: (message: string) => warnings.push(message) };
  const client = instrumentOpenAI(
    new OpenAI({ apiKey: "test", fetch: async () => jsonResponse(completion) }),
    { llm: recorder, logger },
  );
  await client.chat.completions.create(request);
  expect(warnings).toEqual([]);

  channel("tracing:apm:openai:request:start").subscribe(() => {});
  await client.chat.completions.create(request);
  await client.chat.completions.create(request);

  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('tracer.use("openai", false)');
});

test.each<[string, unknown, object]>([
  ["no recorder", new OpenAI({ apiKey: "test" }), {}],
  ["a client that is none", {}, { llm: recordedSpans().recorder }],
  [
    "an empty provider",
    new OpenAI({ apiKey: "test" }),
    { llm: recordedSpans().recorder, provider: "" },
  ],
  [
    "a logger that cannot warn",
    new OpenAI({ apiKey: "test" }),
    { llm: recordedSpans().recorder, logger: {} },
  ],
])("%s is refused at construction", (_name, client, options) => {
  expect(() => instrumentOpenAI(client as OpenAI, options as never)).toThrow(
    expect.objectContaining({ name: "ConfigurationError" }),
  );
});
