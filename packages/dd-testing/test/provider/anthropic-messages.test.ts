import type Anthropic from "@anthropic-ai/sdk";
import { expect, test } from "vitest";
import { ask, post, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });

const everything = {
  thinking: "The user wants weather and time.",
  text: "Let me look both up.",
  toolCalls: [
    { name: "weather", arguments: { city: "Paris", unit: "°C" }, id: "toolu_weather" },
    { name: "time", arguments: {} },
  ],
  usage: {
    inputTokens: 1000,
    cacheReadTokens: 600,
    cacheWriteTokens: 300,
    cacheWriteOneHourTokens: 100,
    outputTokens: 90,
    reasoningTokens: 40,
  },
};

const everythingOnTheWire = {
  input_tokens: 100,
  cache_creation_input_tokens: 300,
  cache_read_input_tokens: 600,
  cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 100 },
  output_tokens: 90,
  output_tokens_details: { thinking_tokens: 40 },
};

function contentOf(message: Anthropic.Message): unknown[] {
  return message.content.map((block) => {
    if (block.type === "thinking") return { thinking: block.thinking };
    if (block.type === "text") return { text: block.text };
    return block.type === "tool_use" ? { name: block.name, input: block.input } : block;
  });
}

const contentOfEverything = [
  { thinking: everything.thinking },
  { text: everything.text },
  { name: "weather", input: { city: "Paris", unit: "°C" } },
  { name: "time", input: {} },
];

test("a message carries thinking, text, tool calls and every count", async () => {
  fixture.server.enqueue(everything);

  const message = await fixture.anthropic.messages.create(ask.messages);

  expect(contentOf(message)).toEqual(contentOfEverything);
  expect(message.stop_reason).toBe("tool_use");
  expect(message.usage).toMatchObject(everythingOnTheWire);
  expect(message.content[2]).toMatchObject({ id: "toolu_weather", caller: { type: "direct" } });
  expect(message._request_id).toMatch(/^req_/);
});

test("a streamed message adds up to the same content and counts", async () => {
  fixture.server.enqueue(everything);

  const message = await fixture.anthropic.messages.stream(ask.messages).finalMessage();

  expect(contentOf(message)).toEqual(contentOfEverything);
  expect(message.stop_reason).toBe("tool_use");
  expect(message.usage).toMatchObject(everythingOnTheWire);
  const [thinking] = message.content;
  expect(thinking?.type === "thinking" && thinking.signature).toBeTruthy();
});

test("a stream has the events of the API in their order, with one ping after the first block start", async () => {
  fixture.server.enqueue({ thinking: "Hm.", text: "Good day", toolCalls: [{ name: "time" }] });

  const response = await post(`${fixture.server.url}/v1/messages`, {
    ...ask.messages,
    stream: true,
  });
  const events = (await response.text()).matchAll(/^event: (.+)$/gm);

  expect(Array.from(events, ([, name]) => name)).toEqual([
    "message_start",
    "content_block_start",
    "ping",
    "content_block_delta", // thinking
    "content_block_delta", // signature
    "content_block_stop",
    "content_block_start",
    "content_block_delta",
    "content_block_delta",
    "content_block_stop",
    "content_block_start",
    "content_block_delta", // the empty piece that opens a tool input
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
});

test("message_start knows the prompt and at most one output token, message_delta the final counts", async () => {
  fixture.server.enqueue({ text: "Hi", usage: { inputTokens: 7, outputTokens: 5 } });
  const usages: unknown[] = [];

  for await (const event of await fixture.anthropic.messages.create({
    ...ask.messages,
    stream: true,
  })) {
    if (event.type === "message_start") usages.push(event.message.usage);
    if (event.type === "message_delta") usages.push(event.usage);
  }

  expect(usages).toMatchObject([
    { input_tokens: 7, output_tokens: 1 },
    { input_tokens: 7, output_tokens: 5 },
  ]);
});

test.each([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["content_filter", "refusal"],
  ["pause_turn", "pause_turn"],
])("finish reason %s is the stop reason %s", async (finishReason, stopReason) => {
  fixture.server.enqueue({ text: "…", finishReason });

  const message = await fixture.anthropic.messages.create(ask.messages);

  expect(message.stop_reason).toBe(stopReason);
});

test("a message without content is an empty list of blocks, streamed or not", async () => {
  fixture.server.enqueue({ text: "" }, { text: "" });

  const whole = await fixture.anthropic.messages.create(ask.messages);
  const streamed = await fixture.anthropic.messages.stream(ask.messages).finalMessage();

  expect([whole.content, streamed.content]).toEqual([[], []]);
});

test("an answer carries the request id and rate-limit headers", async () => {
  const { response } = await fixture.anthropic.messages.create(ask.messages).withResponse();

  expect(response.headers.get("request-id")).toMatch(/^req_011\d+$/);
  expect(response.headers.get("anthropic-ratelimit-requests-remaining")).toBe("3999");
  expect(response.headers.get("anthropic-ratelimit-tokens-reset")).toBe("2026-01-02T03:04:05Z");
});
