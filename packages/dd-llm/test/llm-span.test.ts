import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LLMOptions, LLMSpan, LLMSpanOptions } from "../src/index.ts";
import { gpt4o, realTracing, testClient } from "./support/clients.ts";
import { ChunkStream, chatChunks, readAll } from "./support/streams.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "performance", "setInterval", "clearInterval"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function start(options: Partial<LLMSpanOptions> = {}, clientOptions: LLMOptions = {}) {
  const client = testClient(clientOptions);
  return { ...client, span: client.llm.startLLMSpan("llm.request", { ...gpt4o, ...options }) };
}

/** The tags of a span under a prefix. */
function tagsOf(span: LLMSpan, ...names: string[]) {
  return Object.fromEntries(names.map((name) => [name, span.getTag(name)]));
}

describe("APM tags", () => {
  test("a call that tells everything has every tag", () => {
    const { span } = start({ requestType: "completion" });

    span
      .setUsage({
        prompt_tokens: 1_000,
        completion_tokens: 100,
        total_tokens: 1_100,
        prompt_tokens_details: { cached_tokens: 800, cache_write_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 60 },
      })
      .setFinishReason("stop")
      .recordResponse({ model: "gpt-4o-2024-08-06" })
      .finish();

    expect(
      tagsOf(
        span,
        "llm.provider",
        "llm.model",
        "llm.request_type",
        "llm.response_model",
        "llm.input_tokens",
        "llm.output_tokens",
        "llm.total_tokens",
        "llm.cache_read_input_tokens",
        "llm.cache_write_input_tokens",
        "llm.reasoning_tokens",
        "llm.finish_reason",
        "llm.streaming",
        "llm.cost.input_usd",
        "llm.cost.output_usd",
        "llm.cost.total_usd",
        "llm.cost.source",
        "peer.service",
        "resource.name",
        "span.type",
        "span.kind",
      ),
    ).toEqual({
      "llm.provider": "openai",
      "llm.model": "gpt-4o",
      "llm.request_type": "completion",
      "llm.response_model": "gpt-4o-2024-08-06",
      "llm.input_tokens": 1_000,
      "llm.output_tokens": 100,
      "llm.total_tokens": 1_100,
      "llm.cache_read_input_tokens": 800,
      "llm.cache_write_input_tokens": 10,
      "llm.reasoning_tokens": 60,
      "llm.finish_reason": "stop",
      "llm.streaming": false,
      // 190 × $2.50 and 800 × $1.25 and 10 cache writes at the input's $2.50 per million tokens.
      "llm.cost.input_usd": 0.0015,
      "llm.cost.output_usd": 0.001,
      "llm.cost.total_usd": 0.0025,
      "llm.cost.source": "genai-prices",
      "peer.service": "openai",
      "resource.name": "completion gpt-4o",
      "span.type": "llm",
      "span.kind": "client",
    });
  });

  test("what is not known has no tag", () => {
    const { span } = start();

    span.finish();

    for (const name of [
      "llm.response_model",
      "llm.input_tokens",
      "llm.output_tokens",
      "llm.total_tokens",
      "llm.cache_read_input_tokens",
      "llm.cache_write_input_tokens",
      "llm.reasoning_tokens",
      "llm.finish_reason",
      "llm.cost.total_usd",
      "llm.cost.source",
      "llm.stream_outcome",
      "llm.chunk_count",
      "llm.time_to_first_token_ms",
      "llm.streaming_duration_ms",
      "llm.tokens_per_second",
      "llm.prompt_length",
      "llm.response_length",
      "llm.request.model",
      "error",
    ]) {
      expect(span.getTag(name), name).toBeUndefined();
    }
    expect(span.getTag("llm.request_type")).toBe("chat");
  });

  test("a stream has its times, chunks and outcome", async () => {
    const { span } = start({}, { content: { mode: "none" } });
    const stream = span.observe(new ChunkStream(chatChunks("a", "b", "c")));

    for await (const _chunk of stream) vi.advanceTimersByTime(100);

    // The first chunk has no content; three with content follow, 100 ms apart; 20 tokens in 200 ms.
    expect(
      tagsOf(
        span,
        "llm.streaming",
        "llm.stream_outcome",
        "llm.chunk_count",
        "llm.time_to_first_token_ms",
        "llm.streaming_duration_ms",
        "llm.tokens_per_second",
      ),
    ).toEqual({
      "llm.streaming": true,
      "llm.stream_outcome": "completed",
      "llm.chunk_count": 6,
      "llm.time_to_first_token_ms": 100,
      "llm.streaming_duration_ms": 200,
      "llm.tokens_per_second": 100,
    });
  });

  test("content in a single moment has no rate", async () => {
    const { span } = start();

    await readAll(span.observe(new ChunkStream(chatChunks("a"))));

    expect(span.getTag("llm.streaming_duration_ms")).toBe(0);
    expect(span.getTag("llm.tokens_per_second")).toBeUndefined();
  });

  test("the platform guide's names are written when they are asked for", () => {
    const { span } = start({}, { tagConventions: ["llm.request"] });
    vi.advanceTimersByTime(250);

    span
      .recordResponse({ model: "gpt-4o-2024-08-06" })
      .setUsage({ inputTokens: 1_000, outputTokens: 100 })
      .finish();

    expect(
      tagsOf(
        span,
        "llm.request.model",
        "llm.response.model",
        "llm.request.type",
        "llm.request.input_tokens",
        "llm.response.output_tokens",
        "llm.request.cost",
        "llm.request.latency",
        "llm.input_tokens",
      ),
    ).toEqual({
      "llm.request.model": "gpt-4o",
      "llm.response.model": "gpt-4o-2024-08-06",
      "llm.request.type": "chat",
      "llm.request.input_tokens": 1_000,
      "llm.response.output_tokens": 100,
      "llm.request.cost": 0.0035,
      "llm.request.latency": 250,
      "llm.input_tokens": 1_000,
    });
  });

  test("the caller's tags are written but do not replace the call's own", () => {
    const { span } = start({
      tags: { "ticket.channel": "email", "llm.model": "fake", "peer.service": "fake" },
      metricTags: { team: "search" },
    });

    expect(tagsOf(span, "ticket.channel", "llm.model", "peer.service", "team")).toEqual({
      "ticket.channel": "email",
      "llm.model": "gpt-4o",
      "peer.service": "openai",
      team: "search",
    });
    span.finish();
  });

  test("no gen_ai tag is written, of which the backend would make a second LLM span", () => {
    const { span } = start({}, { content: { mode: "full" }, tagConventions: ["llm.request"] });

    span.setInput("q").setOutput("a").setUsage({ inputTokens: 1, outputTokens: 1 }).finish();

    for (const name of [
      "gen_ai.system",
      "gen_ai.provider.name",
      "gen_ai.operation.name",
      "gen_ai.request.model",
      "gen_ai.response.model",
      "gen_ai.usage.input_tokens",
      "gen_ai.usage.output_tokens",
    ]) {
      expect(span.getTag(name), name).toBeUndefined();
    }
  });
});

describe("content", () => {
  const names = ["length", "preview", "truncated", "hash"].flatMap((name) => [
    `llm.prompt_${name}`,
    `llm.response_${name}`,
  ]);

  test("none is recorded by default: no preview, no length, no hash", async () => {
    const { span, annotations } = start();

    span.setInput("the secret prompt").setOutput("the secret answer");
    span.recordResponse({
      choices: [{ index: 0, message: { content: "the secret response" } }],
    });
    await readAll(span.observe(new ChunkStream(chatChunks("the secret stream"))));

    for (const name of names) expect(span.getTag(name), name).toBeUndefined();
    expect(JSON.stringify(annotations)).not.toContain("secret");
    expect(annotations[0]).not.toHaveProperty("inputData");
    expect(annotations[0]).not.toHaveProperty("outputData");
  });

  test("metadata is length and hash", () => {
    const { span, annotations } = start({}, { content: { mode: "metadata" } });

    span.setInput("hello").setOutput("hello").finish();

    expect(tagsOf(span, ...names)).toEqual({
      "llm.prompt_length": 5,
      "llm.response_length": 5,
      "llm.prompt_hash": "2cf24dba5fb0a30e26e83b2ac5b9e29e",
      "llm.response_hash": "2cf24dba5fb0a30e26e83b2ac5b9e29e",
      "llm.prompt_preview": undefined,
      "llm.response_preview": undefined,
      "llm.prompt_truncated": undefined,
      "llm.response_truncated": undefined,
    });
    expect(JSON.stringify(annotations)).not.toContain("hello");
  });

  test("a preview is the beginning, redacted, and says whether it is all", () => {
    const { span, annotations } = start({}, { content: { mode: "preview", previewLength: 30 } });

    span.setInput("write to jane.doe@example.com about the order").setOutput("done").finish();

    expect(span.getTag("llm.prompt_preview")).not.toContain("jane.doe");
    expect(span.getTag("llm.prompt_preview")).toMatch(/^write to /);
    expect(
      tagsOf(span, "llm.prompt_truncated", "llm.response_preview", "llm.response_truncated"),
    ).toEqual({
      "llm.prompt_truncated": true,
      "llm.response_preview": "done",
      "llm.response_truncated": false,
    });
    expect(JSON.stringify(annotations)).not.toContain("jane.doe");
    expect(annotations[0]?.outputData).toEqual([{ role: "assistant", content: "done" }]);
  });

  test("the whole text goes to LLM Observability only", () => {
    const { span, annotations } = start({}, { content: { mode: "full", previewLength: 5 } });

    span
      .setInput([{ role: "user", content: "hello world" }])
      .setOutput("good morning")
      .finish();

    expect(tagsOf(span, "llm.prompt_preview", "llm.response_preview")).toEqual({
      "llm.prompt_preview": "hello",
      "llm.response_preview": "good ",
    });
    expect(annotations[0]?.inputData).toEqual([{ role: "user", content: "hello world" }]);
    expect(annotations[0]?.outputData).toEqual([{ role: "assistant", content: "good morning" }]);
  });

  test.each<[string, unknown, string]>([
    ["a text", "said", "said"],
    ["messages", [{ role: "assistant", content: "said" }], "said"],
    ["a provider's response", { choices: [{ index: 0, message: { content: "said" } }] }, "said"],
    ["any value, as JSON", { answer: 42 }, '{"answer":42}'],
  ])("the output may be %s", (_title, output, expected) => {
    const { span, annotations } = start({}, { content: { mode: "full" } });

    span.setOutput(output).finish();

    expect(annotations[0]?.outputData).toEqual([{ role: "assistant", content: expected }]);
  });

  test("no more than 2,000,000 characters of an output are kept", () => {
    const { span } = start({}, { content: { mode: "metadata" } });

    span.setOutput("x".repeat(2_000_001)).finish();

    expect(span.getTag("llm.response_length")).toBe(2_000_000);
  });

  test("an output that has no form, and one of a cycle, are nothing", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    for (const output of [undefined, cycle, ""]) {
      const { span, annotations } = start({}, { content: { mode: "full" } });
      span.setOutput(output).finish();
      expect(annotations[0]).not.toHaveProperty("outputData");
    }
  });

  test("what the caller says of the answer is preferred to what the stream said", async () => {
    const { span, annotations } = start({}, { content: { mode: "full" } });
    span.setOutput("corrected").setFinishReason("mine");

    await readAll(span.observe(new ChunkStream(chatChunks("raw"))));

    expect(annotations[0]?.outputData).toEqual([{ role: "assistant", content: "corrected" }]);
    expect(span.getTag("llm.finish_reason")).toBe("mine");
  });

  test("tool calls of a response are shown with their arguments", () => {
    const { span, annotations } = start({}, { content: { mode: "full" } });

    span
      .recordResponse({
        stop_reason: "tool_use",
        content: [{ type: "tool_use", id: "t1", name: "find", input: { q: 1 } }],
      })
      .finish();

    expect(annotations[0]?.outputData).toEqual([
      {
        role: "assistant",
        content: "",
        toolCalls: [{ name: "find", toolId: "t1", arguments: { q: 1 }, type: "function" }],
      },
    ]);
  });

  test("tool calls of a response count for nothing without consent", () => {
    const { span, annotations } = start({}, { content: { mode: "none" } });

    span
      .setOutput({ stop_reason: "tool_use", content: [{ type: "tool_use", name: "secret" }] })
      .recordResponse({ stop_reason: "tool_use", content: [{ type: "tool_use", name: "secret" }] })
      .finish();

    expect(JSON.stringify(annotations)).not.toContain("secret");
    expect(span.getTag("llm.finish_reason")).toBe("tool_calls");
  });
});

describe("usage", () => {
  test("a usage recorded by hand is preferred to the stream's, before it ended and after", async () => {
    const early = start();
    early.span.setUsage({ outputTokens: 7 });
    await readAll(early.span.observe(new ChunkStream(chatChunks("a"))));

    expect(tagsOf(early.span, "llm.input_tokens", "llm.output_tokens", "llm.total_tokens")).toEqual(
      { "llm.input_tokens": 100, "llm.output_tokens": 7, "llm.total_tokens": 107 },
    );

    const late = testClient();
    await late.llm.traceLLM(gpt4o, async (span) => {
      await readAll(span.observe(new ChunkStream(chatChunks("a"))));
      span.setUsage({ outputTokens: 9 });
    });
    expect(late.sink.values()).toMatchObject({
      "llm.request.tokens.input": 100,
      "llm.request.tokens.output": 9,
      "llm.request.tokens.total": 109,
    });
  });

  test("a complete response has its usage, its model and its reason", () => {
    const { span } = start();

    span
      .recordResponse({
        model: "gpt-4o-2024-08-06",
        choices: [{ index: 0, finish_reason: "stop", message: { content: "a" } }],
        usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
      })
      .finish();

    expect(tagsOf(span, "llm.input_tokens", "llm.total_tokens", "llm.finish_reason")).toEqual({
      "llm.input_tokens": 3,
      "llm.total_tokens": 5,
      "llm.finish_reason": "stop",
    });
  });

  test("counts that are set one after the other come together", () => {
    const { span } = start();

    span.setUsage({ inputTokens: 10 }).setUsage({ outputTokens: 5 }).finish();

    expect(span.getTag("llm.total_tokens")).toBe(15);
  });

  test("garbage is no usage", () => {
    const { span } = start();

    for (const garbage of [null, undefined, 5, "x", []]) span.setUsage(garbage as object);
    span.finish();

    expect(span.getTag("llm.total_tokens")).toBeUndefined();
  });

  test("recordTokenUsage and recordLatency do the same by the client", () => {
    const { span, llm, sink, faults } = start();

    llm.recordTokenUsage(span, { inputTokens: 1, outputTokens: 2 });
    llm.recordLatency(span, 42);
    llm.recordTokenUsage(undefined as unknown as LLMSpan, {});
    llm.recordLatency({} as unknown as LLMSpan, 1);
    span.finish();

    expect(sink.values()).toMatchObject({
      "llm.request.tokens.total": 3,
      "llm.request.duration": 42,
    });
    expect(faults("not_an_llm_span")).toBe(2);
  });
});

describe("chunks by hand", () => {
  test("are counted, timed and summed up", () => {
    const { span, annotations } = start({}, { content: { mode: "full" } });

    span.recordChunk({ contentDelta: "" });
    vi.advanceTimersByTime(50);
    span.recordChunk({ tokens: 2, contentDelta: "he" });
    vi.advanceTimersByTime(20);
    span.recordChunk({ tokens: 3, contentDelta: "llo" }).finish();

    expect(
      tagsOf(
        span,
        "llm.chunk_count",
        "llm.time_to_first_token_ms",
        "llm.streaming_duration_ms",
        "llm.output_tokens",
        "llm.stream_outcome",
      ),
    ).toEqual({
      "llm.chunk_count": 3,
      "llm.time_to_first_token_ms": 50,
      "llm.streaming_duration_ms": 20,
      "llm.output_tokens": 5,
      "llm.stream_outcome": "completed",
    });
    expect(annotations[0]?.outputData).toEqual([{ role: "assistant", content: "hello" }]);
  });

  test("their tokens count only where no usage is known", () => {
    const { span } = start();

    span.recordChunk({ tokens: 2 }).setUsage({ inputTokens: 1, outputTokens: 9 }).finish();

    expect(span.getTag("llm.output_tokens")).toBe(9);
  });

  test("without tokens there is no count of them", () => {
    const { span } = start();

    span.recordChunk({ contentDelta: "x" }).recordChunk().finish();

    expect(span.getTag("llm.output_tokens")).toBeUndefined();
    expect(span.getTag("llm.chunk_count")).toBe(2);
  });

  test("garbage is a chunk without text and tokens", () => {
    const { span } = start();
    const hostile = {
      get contentDelta(): string {
        throw new Error("no");
      },
    };

    span.recordChunk(null as unknown as undefined);
    span.recordChunk({ tokens: Number.NaN, contentDelta: 5 as unknown as string });
    span.recordChunk(hostile).finish();

    expect(tagsOf(span, "llm.chunk_count", "llm.output_tokens")).toEqual({
      "llm.chunk_count": 3,
      "llm.output_tokens": undefined,
    });
  });
});

describe("durations", () => {
  test("are the span's own", () => {
    const { span, sink } = start();
    vi.advanceTimersByTime(120);
    span.finish();

    expect(sink.values()["llm.request.duration"]).toBe(120);
  });

  test("begin at the start time that was given, as does the time to the first token", async () => {
    const { span, sink } = start({ startTime: Date.now() - 1_000 });
    vi.advanceTimersByTime(50);

    await readAll(span.observe(new ChunkStream(chatChunks("a"))));

    expect(sink.values()).toMatchObject({
      "llm.request.duration": 1_050,
      "llm.time_to_first_token": 1_050,
    });
  });

  test("end at the end time that was given", () => {
    const { span, sink } = start();

    span.finish(Date.now() + 300);

    expect(sink.values()["llm.request.duration"]).toBe(300);
  });

  test("are never negative, and an end time that is no number is now", () => {
    const past = start();
    past.span.finish(Date.now() - 300);
    expect(past.sink.values()["llm.request.duration"]).toBe(0);

    const odd = start();
    vi.advanceTimersByTime(7);
    odd.span.finish("later" as unknown as number);
    expect(odd.sink.values()["llm.request.duration"]).toBe(7);
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("%s is no latency", (latency) => {
    const { span, sink } = start();

    span.recordLatency(latency).finish();

    expect(sink.values()["llm.request.duration"]).toBe(0);
  });
});

describe("errors", () => {
  test("have the class of the provider's error on the span and on the metrics", () => {
    const { span, sink } = start();

    span.setError(Object.assign(new Error("slow down"), { status: 429 })).finish();

    expect(tagsOf(span, "error", "error.type", "error.message")).toEqual({
      error: true,
      "error.type": "rate_limit",
      "error.message": "slow down",
    });
    expect(sink.named("llm.request.error")).toMatchObject([
      { value: 1, tags: { error_type: "rate_limit" } },
    ]);
  });

  test("of which the application recovered leave the call a success", () => {
    const { span, sink } = start();

    span.setError(Object.assign(new Error("slow"), { status: 429 }), { handled: true }).finish();

    expect(span.getTag("error")).toBeUndefined();
    expect(sink.named("llm.request.error")).toEqual([]);
  });

  test("that the application caused by aborting are no failure", () => {
    const { span, sink } = start();
    span.recordChunk({ contentDelta: "x" });

    span.setError(AbortSignal.abort().reason).finish();

    expect(tagsOf(span, "error", "llm.stream_outcome")).toEqual({
      error: undefined,
      "llm.stream_outcome": "aborted",
    });
    expect(sink.named("llm.request.error")).toEqual([]);
  });

  test("are classified by the first of them", () => {
    const { span, sink } = start();

    span.setError({ status: 429 }).setError({ status: 500 }).finish();

    expect(sink.named("llm.request.error")[0]?.tags).toMatchObject({ error_type: "rate_limit" });
  });

  test("during a stream by hand make it a failed one", () => {
    const { span } = start();

    span.recordChunk({ contentDelta: "x" }).setError({ status: 500 }).finish();

    expect(span.getTag("llm.stream_outcome")).toBe("failed");
  });

  test("hands a broken thenable back as it is, and ends the span as failed", () => {
    const { llm } = testClient();
    const broken = {
      // biome-ignore lint/suspicious/noThenProperty: what is under test
      then(): never {
        throw new TypeError("broken");
      },
    };
    let seen: LLMSpan | undefined;

    const result = llm.traceLLM(gpt4o, (span) => {
      seen = span;
      return broken;
    });

    expect(result).toBe(broken);
    expect(seen?.finished).toBe(true);
    expect(seen?.getTag("error.message")).toBe("broken");
  });

  test("after a stream has ended leave its outcome as it was", async () => {
    const { llm, sink } = testClient();
    let seen: LLMSpan | undefined;

    await expect(
      llm.traceLLM(gpt4o, async (span) => {
        seen = span;
        await readAll(span.observe(new ChunkStream(chatChunks("a"))));
        throw new Error("mine");
      }),
    ).rejects.toThrow("mine");

    expect(seen?.getTag("llm.stream_outcome")).toBe("completed");
    expect(seen?.getTag("error.message")).toBe("mine");
    expect(sink.named("llm.request.error")).toHaveLength(1);
  });

  test("that a stream reports as an event make it a failed one", async () => {
    const { span, sink } = start();
    const event = { type: "error", code: "rate_limit_exceeded", message: "slow down" };

    await readAll(span.observe(new ChunkStream([event])));

    expect(tagsOf(span, "error", "error.type", "error.message", "llm.stream_outcome")).toEqual({
      error: true,
      "error.type": "rate_limit",
      "error.message": "slow down",
      "llm.stream_outcome": "failed",
    });
    expect(sink.named("llm.request.error")).toHaveLength(1);
  });

  test("that a stream reported as an event do not hide one that was thrown", async () => {
    const { span } = start();
    const failing = new ChunkStream(
      [{ type: "error", code: "server_error", message: "event" }],
      Object.assign(new Error("thrown"), { status: 429 }),
    );

    await expect(readAll(span.observe(failing))).rejects.toThrow("thrown");

    expect(tagsOf(span, "error.type", "error.message")).toEqual({
      "error.type": "rate_limit",
      "error.message": "thrown",
    });
  });
});

describe("streams", () => {
  test("an observed stream that ends ends the span", async () => {
    const { span, sink } = start();
    const stream = span.observe(new ChunkStream(chatChunks("a")));

    expect(span.finished).toBe(false);
    await readAll(stream);

    expect(span.finished).toBe(true);
    expect(sink.named("llm.request.count")).toHaveLength(1);
  });

  test("a provider's failure ends it as failed, with what was seen until then", async () => {
    const { span, sink } = start();
    const failure = Object.assign(new Error("broken"), { status: 500 });
    const chunks = [...chatChunks("a"), "and a text"];

    await expect(readAll(span.observe(new ChunkStream(chunks, failure)))).rejects.toBe(failure);

    expect(tagsOf(span, "llm.stream_outcome", "error.type", "llm.output_tokens")).toEqual({
      "llm.stream_outcome": "failed",
      "error.type": "server_error",
      "llm.output_tokens": 20,
    });
    expect(sink.named("llm.request.error")).toHaveLength(1);
  });

  test("with two streams the span ends with the second, as its worst", async () => {
    const { span } = start();
    const first = span.observe(new ChunkStream(chatChunks("a")));
    const second = span.observe(new ChunkStream(chatChunks("b")));

    for await (const _chunk of first) break;
    expect(span.finished).toBe(false);
    await readAll(second);

    expect(span.finished).toBe(true);
    expect(span.getTag("llm.stream_outcome")).toBe("cancelled");
  });

  test("reading a stream again does not end a span that has another stream open", async () => {
    const { span } = start();
    const first = span.observe(new ChunkStream(chatChunks("a")));
    span.observe(new ChunkStream(chatChunks("b")));

    await readAll(first);
    await readAll(first);

    expect(span.finished).toBe(false);
    span.finish();
  });

  test("a stream that is observed twice by one span is observed once", async () => {
    const { span } = start();
    const stream = new ChunkStream(chatChunks("a"));

    expect(span.observe(span.observe(stream))).toBe(stream);
    await readAll(stream);

    expect(tagsOf(span, "llm.chunk_count", "llm.stream_outcome")).toEqual({
      "llm.chunk_count": 4,
      "llm.stream_outcome": "completed",
    });
    expect(span.finished).toBe(true);
  });

  test("what cannot be observed comes back untouched, is counted, and holds nothing open", () => {
    const { span, faults } = start();
    const list = ["a"] as unknown as AsyncIterable<unknown>;

    expect(span.observe(list)).toBe(list);
    expect(span.observe(undefined as unknown as AsyncIterable<unknown>)).toBeUndefined();
    span.finish();

    expect(faults("llm_stream_not_observable")).toBe(2);
    expect(span.getTag("llm.streaming")).toBe(false);
  });

  test("a span finished by hand while its stream is open keeps what was seen, outcome unknown", async () => {
    const { span, sink, faults } = start();
    const stream = span.observe(new ChunkStream(chatChunks("a")));
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();

    span.finish();
    expect((await readAll({ [Symbol.asyncIterator]: () => iterator })).length).toBe(2);

    expect(tagsOf(span, "llm.chunk_count", "llm.stream_outcome", "llm.streaming")).toEqual({
      "llm.chunk_count": 2,
      "llm.stream_outcome": undefined,
      "llm.streaming": true,
    });
    expect(sink.named("llm.request.count")).toHaveLength(1);
    expect(faults("span_finished_twice")).toBe(0);
    expect(faults("span_changed_after_finish")).toBe(0);
  });

  test("a stream that fails after its span was finished changes nothing", async () => {
    const { span, faults } = start();
    const stream = span.observe(new ChunkStream(["a"], new Error("late")));
    span.finish();

    await expect(readAll(stream)).rejects.toThrow("late");

    expect(span.getTag("error")).toBeUndefined();
    expect(faults("span_changed_after_finish")).toBe(0);
  });

  test("hostile chunks are counted and pass through", async () => {
    const { span } = start();
    const throwing = {
      get choices() {
        throw new Error("no");
      },
    };
    const unreadable = {
      choices: [],
      usage: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no");
          },
        },
      ),
    };
    const chunks = [throwing, unreadable, null, ...chatChunks("a")];

    expect(await readAll(span.observe(new ChunkStream(chunks)))).toHaveLength(7);

    expect(tagsOf(span, "llm.chunk_count", "llm.output_tokens")).toEqual({
      "llm.chunk_count": 7,
      "llm.output_tokens": 20,
    });
  });
});

test("a span whose time limit is over ends as a timeout, its open stream as failed", async () => {
  const { span, sink } = start({ timeoutMs: 5_000 });
  const stream = span.observe(new ChunkStream(chatChunks("a")));
  await stream[Symbol.asyncIterator]().next();

  vi.advanceTimersByTime(7_000);

  expect(span.finished).toBe(true);
  expect(tagsOf(span, "timeout", "llm.stream_outcome")).toEqual({
    timeout: true,
    "llm.stream_outcome": "failed",
  });
  expect(sink.named("llm.request.error")[0]?.tags).toMatchObject({ error_type: "timeout" });
});

test("after the end every method does nothing, is counted, and nothing is sent twice", () => {
  const { span, sink, annotations, faults } = start({}, { content: { mode: "full" } });
  span.finish();
  const stream = new ChunkStream([]);
  const iterate = stream[Symbol.asyncIterator];

  span
    .setInput("late")
    .setOutput("late")
    .setUsage({ inputTokens: 1, outputTokens: 1 })
    .setFinishReason("late")
    .recordResponse({ model: "late", choices: [] })
    .recordChunk({ contentDelta: "late" })
    .recordLatency(5)
    .setError(new Error("late"));
  expect(span.observe(stream)).toBe(stream);
  span.finish();

  expect(faults("span_changed_after_finish")).toBe(9);
  expect(faults("span_finished_twice")).toBe(1);
  expect(stream[Symbol.asyncIterator]).toBe(iterate);
  expect(sink.named("llm.request.count")).toHaveLength(1);
  expect(annotations).toHaveLength(1);
  expect(tagsOf(span, "error", "llm.finish_reason", "llm.response_model")).toEqual({
    error: undefined,
    "llm.finish_reason": undefined,
    "llm.response_model": undefined,
  });
});

test("a finish reason that is no text is none", () => {
  const { span } = start();

  span.setFinishReason(5 as unknown as string).finish();

  expect(span.getTag("llm.finish_reason")).toBeUndefined();
});

test("the span's parent is the active span, or the one that is named", () => {
  const tracing = realTracing();
  const { llm } = testClient();
  const parent = tracing.startSpan("parent");

  tracing.withSpan(parent, () => {
    const child = llm.startLLMSpan("child", gpt4o);
    const root = llm.startLLMSpan("root", { ...gpt4o, childOf: null });
    const grandchild = llm.startLLMSpan("grandchild", { ...gpt4o, childOf: child });

    expect(child.traceId).toBe(parent.traceId);
    expect(grandchild.traceId).toBe(parent.traceId);
    expect(root.traceId).not.toBe(parent.traceId);
    for (const span of [child, root, grandchild]) span.finish();
  });
  parent.finish();
});
