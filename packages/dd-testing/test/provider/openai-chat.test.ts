import { AzureOpenAI } from "openai";
import { expect, test } from "vitest";
import { ask, post, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });

const everything = {
  text: "Both, one moment.",
  toolCalls: [
    { name: "weather", arguments: { city: "Paris", unit: "°C" }, id: "call_weather" },
    { name: "time", arguments: "{}" },
  ],
  usage: {
    inputTokens: 1000,
    cacheReadTokens: 600,
    cacheWriteTokens: 300,
    outputTokens: 90,
    reasoningTokens: 40,
    inputAudioTokens: 5,
    outputAudioTokens: 6,
  },
};

const everythingOnTheWire = {
  prompt_tokens: 1000,
  completion_tokens: 90,
  total_tokens: 1090,
  prompt_tokens_details: { cached_tokens: 600, cache_write_tokens: 300, audio_tokens: 5 },
  completion_tokens_details: { reasoning_tokens: 40, audio_tokens: 6 },
};

const toolCallsOnTheWire = [
  { function: { name: "weather", arguments: '{"city":"Paris","unit":"°C"}' }, id: "call_weather" },
  { function: { name: "time", arguments: "{}" } },
];

const withUsage = { stream: true, stream_options: { include_usage: true } } as const;

test("a completion carries text, tool calls and every count", async () => {
  fixture.server.enqueue(everything);

  const completion = await fixture.openai.chat.completions.create(ask.chat);

  expect(completion.choices[0]).toMatchObject({
    finish_reason: "tool_calls",
    message: { content: everything.text, tool_calls: toolCallsOnTheWire },
  });
  expect(completion.usage).toMatchObject(everythingOnTheWire);
  expect(completion.created).toBe(Date.UTC(2026, 0, 2, 3, 4, 5) / 1000);
  expect(completion._request_id).toMatch(/^req_/);
});

test("a streamed completion adds up to the same content and counts", async () => {
  fixture.server.enqueue(everything);

  const completion = await fixture.openai.chat.completions
    .stream({ ...ask.chat, stream_options: { include_usage: true } })
    .finalChatCompletion();

  expect(completion.choices[0]).toMatchObject({
    finish_reason: "tool_calls",
    message: { content: everything.text, tool_calls: toolCallsOnTheWire },
  });
  expect(completion.usage).toMatchObject(everythingOnTheWire);
});

test("the first chunk has only the role, the last no choice but the usage", async () => {
  fixture.server.enqueue({ text: "Good day", usage: { inputTokens: 3, outputTokens: 2 } });
  const chunks = [];

  const stream = await fixture.openai.chat.completions.create({ ...ask.chat, ...withUsage });
  for await (const chunk of stream) chunks.push(chunk);

  expect(chunks.map((chunk) => chunk.choices.map(({ delta }) => delta))).toEqual([
    [{ role: "assistant", content: "", refusal: null }],
    [{ content: "Good" }],
    [{ content: " day" }],
    [{}],
    [],
  ]);
  expect(chunks.map((chunk) => chunk.usage?.total_tokens)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    5,
  ]);
});

test("a stream reports no usage unless it was asked to", async () => {
  fixture.server.enqueue({ text: "Hi" });

  const response = await post(`${fixture.server.baseUrls.openai}/chat/completions`, {
    ...ask.chat,
    stream: true,
  });
  const text = await response.text();

  expect(text).not.toContain("usage");
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(fixture.server.usageSent()).toEqual([]);
  expect(fixture.server.requests()[0]).toMatchObject({ outcome: "completed", usageSent: null });
});

test("the padding of chunks can be switched off", async () => {
  const url = `${fixture.server.baseUrls.openai}/chat/completions`;
  const plain = { include_obfuscation: false };

  const padded = await (await post(url, { ...ask.chat, stream: true })).text();
  const bare = await (await post(url, { ...ask.chat, stream: true, stream_options: plain })).text();

  expect(padded).toContain('"obfuscation":"0');
  expect(bare).not.toContain("obfuscation");
});

test("a single tool call opens in the role chunk, several open one by one", async () => {
  const call = { name: "time", id: "call_1" };
  fixture.server.enqueue({ toolCalls: [call] }, { toolCalls: [call, { ...call, id: "call_2" }] });
  const openings = [];

  for (let request = 0; request < 2; request += 1) {
    const stream = await fixture.openai.chat.completions.create({ ...ask.chat, ...withUsage });
    const deltas = [];
    for await (const chunk of stream) {
      deltas.push(chunk.choices[0]?.delta.tool_calls?.map(({ id, index }) => ({ id, index })));
    }
    openings.push(deltas.slice(0, 4));
  }

  expect(openings).toEqual([
    [[{ id: "call_1", index: 0 }], [{ index: 0 }], undefined, undefined],
    [undefined, [{ id: "call_1", index: 0 }], [{ index: 0 }], [{ id: "call_2", index: 1 }]],
  ]);
});

test("thinking is counted as reasoning and never sent", async () => {
  fixture.server.enqueue({ thinking: "12345678", text: "abcd" });

  const completion = await fixture.openai.chat.completions.create(ask.chat);

  expect(JSON.stringify(completion)).not.toContain("12345678");
  expect(completion.usage).toMatchObject({
    completion_tokens: 3,
    completion_tokens_details: { reasoning_tokens: 2 },
  });
});

test("an answer carries the request id and rate-limit headers", async () => {
  const { response } = await fixture.openai.chat.completions.create(ask.chat).withResponse();

  expect(response.headers.get("x-request-id")).toMatch(/^req_\d+$/);
  expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("9999");
});

test("Azure's client works by deployment name", async () => {
  const azure = new AzureOpenAI({
    apiKey: "test",
    apiVersion: "2026-01-01",
    endpoint: fixture.server.url,
    maxRetries: 0,
  });

  const completion = await azure.chat.completions.create({ ...ask.chat, model: "my-deployment" });

  expect(completion.choices[0]?.message.content).toBe("Echo: What is new?");
  expect(fixture.server.requests()[0]).toMatchObject({
    endpoint: "chat.completions",
    model: "my-deployment",
    path: "/openai/deployments/my-deployment/chat/completions?api-version=2026-01-01",
  });
});

test("a deployment names the model where the body does not", async () => {
  const { messages } = ask.chat;

  await post(`${fixture.server.url}/openai/deployments/blue%20whale/chat/completions`, {
    messages,
  });

  expect(fixture.server.requests()[0]?.model).toBe("blue whale");
});

test("the older completions carry text and counts, streamed or not", async () => {
  const usage = { inputTokens: 4, outputTokens: 2 };
  fixture.server.enqueue({ text: "once more", usage }, { text: "once more", usage });
  const prompt = { model: "instruct-test", prompt: "Say it" };

  const whole = await fixture.openai.completions.create(prompt);
  const texts = [];
  let total: number | undefined;
  const stream = await fixture.openai.completions.create({ ...prompt, ...withUsage });
  for await (const chunk of stream) {
    texts.push(chunk.choices[0]?.text ?? "");
    total = chunk.usage?.total_tokens;
  }

  expect(whole.choices[0]).toMatchObject({ text: "once more", finish_reason: "stop" });
  expect(texts.join("")).toBe("once more");
  expect([whole.usage?.total_tokens, total]).toEqual([6, 6]);
});
