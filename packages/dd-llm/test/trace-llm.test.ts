import { describe, expect, test } from "vitest";
import type { LLMSpan, TraceLLMOptions } from "../src/index.ts";
import { gpt4o, realTracing, testClient } from "./support/clients.ts";
import { ChunkStream, chatChunks, readAll } from "./support/streams.ts";

test("the span is active, ends when the function has returned, and gives its value", () => {
  const { llm, sink } = testClient();
  let seen: LLMSpan | undefined;

  const value = llm.traceLLM(gpt4o, (span) => {
    seen = span;
    expect(realTracing().getCurrentSpan()?.spanId).toBe(span.spanId);
    expect(span.finished).toBe(false);
    return 42;
  });

  expect(value).toBe(42);
  expect(seen?.name).toBe("llm.request");
  expect(seen?.finished).toBe(true);
  expect(sink.named("llm.request.count")).toHaveLength(1);
});

test("the span has the name that is given", () => {
  testClient().llm.traceLLM({ ...gpt4o, name: "ticket.classify" }, (span) => {
    expect(span.name).toBe("ticket.classify");
  });
});

test("the span ends when the promise has settled", async () => {
  const { llm } = testClient();
  let seen: LLMSpan | undefined;

  const pending = llm.traceLLM(gpt4o, async (span) => {
    seen = span;
    await Promise.resolve();
    return "later";
  });

  expect(seen?.finished).toBe(false);
  expect(await pending).toBe("later");
  expect(seen?.finished).toBe(true);
});

test.each([
  [
    "thrown",
    (error: Error) => () => {
      throw error;
    },
  ],
  ["rejected", (error: Error) => async () => Promise.reject(error)],
])("what is %s is recorded and thrown on, the very same", async (_title, failing) => {
  const { llm, sink } = testClient();
  const error = Object.assign(new Error("no"), { status: 500 });
  let seen: LLMSpan | undefined;

  const call = async () =>
    llm.traceLLM(gpt4o, (span) => {
      seen = span;
      return failing(error)();
    });

  await expect(call()).rejects.toBe(error);
  expect(seen?.finished).toBe(true);
  expect(seen?.getTag("error.type")).toBe("server_error");
  expect(sink.named("llm.request.error")).toHaveLength(1);
});

test("a rejection that nobody handles stays unhandled", async () => {
  const { llm } = testClient();
  const reasons: unknown[] = [];
  const note = (reason: unknown) => {
    reasons.push(reason);
  };
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  try {
    void llm.traceLLM(gpt4o, async () => Promise.reject(new Error("nobody's")));
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", note);
    for (const listener of others) process.on("unhandledRejection", listener);
  }

  expect(reasons.map(String)).toEqual(["Error: nobody's"]);
});

describe("a stream that the function returns", () => {
  test.each([
    ["at once", (stream: ChunkStream) => stream],
    ["as a promise", async (stream: ChunkStream) => stream],
  ])("%s keeps the span open until it ends", async (_title, give) => {
    const { llm, sink } = testClient();
    const original = new ChunkStream(chatChunks("a"));
    let seen: LLMSpan | undefined;

    const stream = await llm.traceLLM<ChunkStream | Promise<ChunkStream>>(gpt4o, (span) => {
      seen = span;
      return give(span.observe(original));
    });

    expect(stream).toBe(original);
    expect(seen?.finished).toBe(false);
    expect(sink.metrics).toEqual([]);
    await readAll(stream);
    expect(seen?.finished).toBe(true);
    expect(seen?.getTag("llm.stream_outcome")).toBe("completed");
  });
});

test("a stream that is read inside does not end the span before the function is done", async () => {
  const { llm } = testClient();

  await llm.traceLLM(gpt4o, async (span) => {
    await readAll(span.observe(new ChunkStream(chatChunks("a"))));
    expect(span.finished).toBe(false);
    span.setFinishReason("after");
  });
});

test("a function that fails while its stream is open leaves the end to the stream", async () => {
  const { llm } = testClient();
  const stream = new ChunkStream(chatChunks("a"));
  let seen: LLMSpan | undefined;

  await expect(
    llm.traceLLM(gpt4o, async (span) => {
      seen = span;
      span.observe(stream);
      throw new Error("mine");
    }),
  ).rejects.toThrow("mine");

  expect(seen?.finished).toBe(false);
  for await (const _chunk of stream) break;
  expect(seen?.finished).toBe(true);
  expect(seen?.getTag("error.message")).toBe("mine");
});

test("a span that the function has finished itself is not finished again", async () => {
  const { llm, faults, sink } = testClient();

  await llm.traceLLM(gpt4o, async (span) => span.finish());

  expect(faults("span_finished_twice")).toBe(0);
  expect(sink.named("llm.request.count")).toHaveLength(1);
});

test("an object whose then cannot be read is a value like any other", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("no");
      },
    },
  );

  expect(testClient().llm.traceLLM(gpt4o, () => hostile)).toBe(hostile);
});

test("null is a value like any other", () => {
  expect(testClient().llm.traceLLM(gpt4o, () => null)).toBeNull();
});

test("without a function nothing runs, and it is counted", () => {
  const { llm, sink, faults } = testClient();

  expect(llm.traceLLM(gpt4o, undefined as unknown as () => void)).toBeUndefined();

  expect(faults("trace_without_function")).toBe(1);
  expect(sink.metrics).toEqual([]);
});

test("concurrent calls keep their own spans", async () => {
  const { llm } = testClient();

  const pairs = await Promise.all(
    Array.from({ length: 20 }, async (_, index) =>
      llm.traceLLM(gpt4o, async (span) => {
        await new Promise((resolve) => setImmediate(resolve));
        span.setUsage({ inputTokens: index, outputTokens: 0 });
        return [realTracing().getCurrentSpan()?.spanId, span] as const;
      }),
    ),
  );

  for (const [index, [active, span]] of pairs.entries()) {
    expect(active).toBe(span.spanId);
    expect(span.getTag("llm.input_tokens")).toBe(index);
  }
});

describe("options that are wrong", () => {
  test.each<[string, unknown]>([
    ["missing", undefined],
    ["null", null],
    ["empty", {}],
    ["of other types", { provider: 5, model: {}, metricTags: 5, parameters: "x", name: undefined }],
    [
      "unreadable",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("no");
          },
        },
      ),
    ],
  ])("(%s) throw nothing: the call is unknown, and counted", (_title, options) => {
    const { llm, faults } = testClient();

    llm.traceLLM(options as TraceLLMOptions, (span) => {
      expect(span.getTag("llm.provider")).toBe("unknown");
      expect(span.getTag("llm.model")).toBe("unknown");
      expect(span.getTag("llm.request_type")).toBe("chat");
      expect(span.name).toBe("llm.request");
    });

    expect(faults("llm_call_unnamed")).toBe(1);
  });

  test("a start time that is no time is now", () => {
    const { llm, sink } = testClient();

    llm.traceLLM({ ...gpt4o, startTime: Number.NaN }, () => {});

    expect(sink.values()["llm.request.duration"]).toBeLessThan(60_000);
  });

  test("tags whose getters throw cost only themselves", () => {
    const throwing = {
      get secret(): string {
        throw new Error("no");
      },
      team: "search",
    };
    const { llm, sink } = testClient();

    llm.traceLLM(
      { ...gpt4o, tags: throwing, metricTags: throwing, parameters: throwing },
      (span) => {
        expect(span.getTag("team")).toBe("search");
      },
    );

    expect(sink.named("llm.request.count")[0]?.tags).toEqual({
      team: "search",
      provider: "openai",
      model: "gpt-4o",
      request_type: "chat",
      streaming: false,
    });
  });

  test("later changes of the caller's object reach nothing", () => {
    const { llm, sink } = testClient();
    const options = { ...gpt4o, metricTags: { team: "search" } };

    llm.traceLLM(options, () => {
      options.metricTags.team = "user-12345";
    });

    expect(sink.named("llm.request.count")[0]?.tags).toMatchObject({ team: "search" });
  });
});

test("retries are events of the span, counted, with the class of what failed before", () => {
  const { llm } = testClient();
  const span = llm.startLLMSpan("llm.request", gpt4o);
  const events: [string, object | undefined][] = [];
  const addEvent = span.addEvent.bind(span);
  span.addEvent = (name, attributes, time) => {
    events.push([name, attributes]);
    return addEvent(name, attributes, time);
  };

  span.recordRetry(Object.assign(new Error("slow down"), { status: 429 })).recordRetry();
  span.finish();

  expect(events).toEqual([
    ["llm.retry", { attempt: 1, "error.type": "rate_limit" }],
    ["llm.retry", { attempt: 2 }],
  ]);
  expect(span.getTag("llm.retries")).toBe(2);
  expect(span.getTag("error")).toBeUndefined();
});
