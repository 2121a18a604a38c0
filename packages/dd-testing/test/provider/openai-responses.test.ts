import type OpenAI from "openai";
import { expect, test } from "vitest";
import { ask, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer();

const everything = {
  thinking: "Two things are wanted.",
  text: "Both, one moment.",
  toolCalls: [{ name: "weather", arguments: { city: "Paris" }, id: "call_weather" }],
  usage: {
    inputTokens: 1000,
    cacheReadTokens: 600,
    cacheWriteTokens: 300,
    outputTokens: 90,
    reasoningTokens: 40,
  },
};

const everythingOnTheWire = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 600, cache_write_tokens: 300 },
  output_tokens: 90,
  output_tokens_details: { reasoning_tokens: 40 },
  total_tokens: 1090,
};

function expectEverything(response: OpenAI.Responses.Response): void {
  expect(response.status).toBe("completed");
  expect(response.usage).toEqual(everythingOnTheWire);
  expect(response.output_text).toBe(everything.text);
  expect(response.output).toMatchObject([
    { type: "reasoning", summary: [{ type: "summary_text", text: everything.thinking }] },
    { type: "message", content: [{ type: "output_text", text: everything.text }] },
    { type: "function_call", call_id: "call_weather", arguments: '{"city":"Paris"}' },
  ]);
}

test("a response carries reasoning, text, function calls and every count", async () => {
  fixture.server.enqueue(everything);

  expectEverything(await fixture.openai.responses.create(ask.response));
});

test("a streamed response adds up to the same output and counts", async () => {
  fixture.server.enqueue(everything);

  expectEverything(await fixture.openai.responses.stream(ask.response).finalResponse());
});

test("a stream has the typed events in their order, numbered without a gap", async () => {
  fixture.server.enqueue({ thinking: "Hm.", text: "Hi", toolCalls: [{ name: "time" }] });
  const events = [];

  const stream = await fixture.openai.responses.create({ ...ask.response, stream: true });
  for await (const event of stream) events.push(event);

  expect(events.map(({ type }) => type)).toEqual([
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.reasoning_summary_part.added",
    "response.reasoning_summary_text.delta",
    "response.reasoning_summary_text.done",
    "response.reasoning_summary_part.done",
    "response.output_item.done",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.output_item.added",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_item.done",
    "response.completed",
  ]);
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
});

test.each([
  ["length", "max_output_tokens"],
  ["content_filter", "content_filter"],
])("finish reason %s makes the response incomplete for %s", async (finishReason, reason) => {
  fixture.server.enqueue({ text: "cut", finishReason }, { text: "cut", finishReason });

  const whole = await fixture.openai.responses.create(ask.response);
  const types = [];
  const stream = await fixture.openai.responses.create({ ...ask.response, stream: true });
  for await (const event of stream) types.push(event.type);

  expect(whole).toMatchObject({ status: "incomplete", incomplete_details: { reason } });
  expect(types.at(-1)).toBe("response.incomplete");
});

test("reasoning without a summary is an item with an empty summary", async () => {
  fixture.server.enqueue({ text: "Hi", usage: { reasoningTokens: 512 } });

  const response = await fixture.openai.responses.create(ask.response);

  expect(response.output[0]).toMatchObject({ type: "reasoning", summary: [] });
  expect(response.usage?.output_tokens_details.reasoning_tokens).toBe(512);
});

test("settings of the request come back in the response", async () => {
  const settings = {
    instructions: "Be brief.",
    max_output_tokens: 50,
    metadata: { team: "blue" },
    reasoning: { effort: "low" as const },
    temperature: 0.2,
  };

  const response = await fixture.openai.responses.create({ ...ask.response, ...settings });

  expect(response).toMatchObject(settings);
});

test("a stored prompt needs no model", async () => {
  const response = await fixture.openai.responses.create({ prompt: { id: "pmpt_1" } });

  expect(response.status).toBe("completed");
});
