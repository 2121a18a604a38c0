import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { LLMSpan } from "../src/index.ts";
import { testClient } from "./support/clients.ts";
import { chatChunks, eventStream, readAll } from "./support/streams.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const request = {
  model: "gpt-4o",
  messages: [{ role: "user" as const, content: "q" }],
  stream: true as const,
};

function openaiSaying(...texts: string[]): OpenAI {
  return new OpenAI({
    apiKey: "test",
    fetch: async () => eventStream([...chatChunks(...texts), "[DONE]"]),
  });
}

const anthropicEvents = [
  {
    type: "message_start",
    message: {
      model: "claude-sonnet-4-6",
      content: [],
      usage: { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 1 },
    },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "hello" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "stop" }, usage: { output_tokens: 5 } },
  { type: "message_stop" },
];

function anthropicSaying(events: object[] = anthropicEvents): Anthropic {
  return new Anthropic({ apiKey: "test", fetch: async () => eventStream(events, true) });
}

const anthropicRequest = {
  model: "claude-sonnet-4-6",
  max_tokens: 10,
  messages: [{ role: "user" as const, content: "q" }],
};

function start(provider = "openai", model = "gpt-4o") {
  const client = testClient({ content: { mode: "full" } });
  return { ...client, span: client.llm.startLLMSpan("llm.request", { provider, model }) };
}

function tagsOf(span: LLMSpan) {
  return {
    outcome: span.getTag("llm.stream_outcome"),
    input: span.getTag("llm.input_tokens"),
    output: span.getTag("llm.output_tokens"),
    reason: span.getTag("llm.finish_reason"),
    model: span.getTag("llm.response_model"),
    error: span.getTag("error.type"),
  };
}

describe("OpenAI", () => {
  test("a stream is the same object and ends the span with its usage", async () => {
    const { span, annotations } = start();
    const stream = await openaiSaying("hel", "lo").chat.completions.create(request);

    expect(span.observe(stream)).toBe(stream);
    expect(await readAll(stream)).toHaveLength(5);

    expect(span.finished).toBe(true);
    expect(tagsOf(span)).toEqual({
      outcome: "completed",
      input: 100,
      output: 20,
      reason: "stop",
      model: "gpt-4o-2024-08-06",
      error: undefined,
    });
    expect(annotations[0]?.outputData).toEqual([{ role: "assistant", content: "hello" }]);
  });

  test("leaving the loop aborts the request and ends the span", async () => {
    const { span } = start();
    const stream = span.observe(await openaiSaying("a", "b").chat.completions.create(request));

    for await (const _chunk of stream) break;

    expect(stream.controller.signal.aborted).toBe(true);
    expect(tagsOf(span).outcome).toBe("cancelled");
  });

  test("an abort by the application is an outcome and no error", async () => {
    const { span } = start();
    const stream = span.observe(await openaiSaying("a", "b").chat.completions.create(request));

    for await (const _chunk of stream) stream.controller.abort();

    expect(tagsOf(span)).toMatchObject({ outcome: "aborted", error: undefined });
  });

  test("both halves of a tee read everything and the span sees it once", async () => {
    const { span } = start();
    const stream = span.observe(await openaiSaying("a", "b").chat.completions.create(request));

    const [left, right] = stream.tee();
    const chunks = await Promise.all([readAll(left), readAll(right)]);

    expect(chunks.map((list) => list.length)).toEqual([5, 5]);
    expect(tagsOf(span).outcome).toBe("completed");
    expect(span.getTag("llm.chunk_count")).toBe(5);
  });

  test("a readable stream of it is observed too", async () => {
    const { span } = start();
    const stream = span.observe(await openaiSaying("a").chat.completions.create(request));

    await new Response(stream.toReadableStream()).text();

    expect(tagsOf(span)).toMatchObject({ outcome: "completed", output: 20 });
  });

  test("an error inside the stream reaches the application and the span", async () => {
    const { span } = start();
    const client = new OpenAI({
      apiKey: "test",
      fetch: async () =>
        eventStream([
          ...chatChunks("a").slice(0, 2),
          { error: { message: "slow down", code: "rate_limit_exceeded" } },
        ]),
    });
    const stream = span.observe(await client.chat.completions.create(request));

    await expect(readAll(stream)).rejects.toThrow("slow down");

    expect(tagsOf(span)).toMatchObject({ outcome: "failed", error: "rate_limit" });
  });

  test("the promise of a request keeps its methods inside a traced function", async () => {
    const { llm } = testClient();

    const { data, response } = await llm.traceLLM({ provider: "openai", model: "gpt-4o" }, (span) =>
      openaiSaying("a")
        .chat.completions.create(request)
        .withResponse()
        .then((result) => {
          span.observe(result.data);
          return result;
        }),
    );

    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await readAll(data)).toHaveLength(4);
  });

  test("a Responses stream that fails inside is a failure of its class", async () => {
    const { span } = start();
    const client = new OpenAI({
      apiKey: "test",
      fetch: async () =>
        eventStream([
          { type: "response.output_text.delta", delta: "hel" },
          {
            type: "response.failed",
            response: { status: "failed", error: { code: "rate_limit_exceeded", message: "slow" } },
          },
        ]),
    });
    const stream = await client.responses.create({ model: "gpt-5", input: "q", stream: true });

    await readAll(span.observe(stream));

    expect(tagsOf(span)).toMatchObject({ outcome: "failed", error: "rate_limit" });
    expect(span.getTag("error.message")).toBe("slow");
  });
});

describe("Anthropic", () => {
  test("a stream is the same object and its usage is joined from both ends", async () => {
    const { span, annotations } = start("anthropic", "claude-sonnet-4-6");
    const stream = await anthropicSaying().messages.create({ ...anthropicRequest, stream: true });

    expect(span.observe(stream)).toBe(stream);
    await readAll(stream);

    expect(tagsOf(span)).toEqual({
      outcome: "completed",
      input: 100,
      output: 5,
      reason: "stop",
      model: "claude-sonnet-4-6",
      error: undefined,
    });
    expect(span.getTag("llm.cache_read_input_tokens")).toBe(90);
    expect(annotations[0]?.outputData).toEqual([{ role: "assistant", content: "hello" }]);
  });

  test("both halves of a tee read everything and the span sees it once", async () => {
    const { span } = start("anthropic", "claude-sonnet-4-6");
    const stream = span.observe(
      await anthropicSaying().messages.create({ ...anthropicRequest, stream: true }),
    );

    const [left, right] = stream.tee();
    await Promise.all([readAll(left), readAll(right)]);

    expect(tagsOf(span).outcome).toBe("completed");
    expect(span.getTag("llm.chunk_count")).toBe(6);
  });

  test("leaving the loop aborts the request and keeps what was seen", async () => {
    const { span } = start("anthropic", "claude-sonnet-4-6");
    const stream = span.observe(
      await anthropicSaying().messages.create({ ...anthropicRequest, stream: true }),
    );

    for await (const event of stream) if (event.type === "content_block_delta") break;

    expect(stream.controller.signal.aborted).toBe(true);
    expect(tagsOf(span)).toMatchObject({ outcome: "cancelled", input: 100, output: 1 });
  });

  test("the stream helper is observed while it is iterated, and still gives its message", async () => {
    const { span } = start("anthropic", "claude-sonnet-4-6");
    const stream = span.observe(anthropicSaying().messages.stream(anthropicRequest));

    await readAll(stream);

    expect((await stream.finalMessage()).content).toMatchObject([{ text: "hello" }]);
    expect(tagsOf(span)).toMatchObject({ outcome: "completed", output: 5 });
  });

  test("an error event inside the stream is a failure of its class", async () => {
    const { span } = start("anthropic", "claude-sonnet-4-6");
    const failure = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    const client = anthropicSaying([...anthropicEvents.slice(0, 3), failure]);
    const stream = span.observe(
      await client.messages.create({ ...anthropicRequest, stream: true }),
    );

    await expect(readAll(stream)).rejects.toThrow("Overloaded");

    expect(tagsOf(span)).toMatchObject({ outcome: "failed", error: "overloaded" });
  });
});

describe("Gemini", () => {
  const chunks = [
    { candidates: [{ content: { parts: [{ text: "hel" }] } }], modelVersion: "gemini-2.5-pro" },
    {
      candidates: [{ content: { parts: [{ text: "lo" }] }, finishReason: "STOP" }],
      usageMetadata: {
        promptTokenCount: 8,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 20,
        totalTokenCount: 33,
      },
    },
  ];

  async function stream() {
    vi.stubGlobal("fetch", async () => eventStream(chunks));
    const client = new GoogleGenAI({ apiKey: "test" });
    return client.models.generateContentStream({ model: "gemini-2.5-pro", contents: "q" });
  }

  test("a stream is the same generator and ends the span with its usage", async () => {
    const { span, annotations } = start("google", "gemini-2.5-pro");
    const generator = await stream();

    expect(span.observe(generator)).toBe(generator);
    await readAll(generator);

    expect(tagsOf(span)).toMatchObject({ outcome: "completed", input: 8, output: 25 });
    expect(annotations[0]?.outputData).toEqual([{ role: "assistant", content: "hello" }]);
  });

  test("a generator that is read step by step is observed too", async () => {
    const { span } = start("google", "gemini-2.5-pro");
    const generator = span.observe(await stream());

    while ((await generator.next()).done !== true);

    expect(tagsOf(span)).toMatchObject({ outcome: "completed", reason: "stop" });
  });
});
