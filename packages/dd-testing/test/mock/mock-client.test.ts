import { afterEach, describe, expect, test, vi } from "vitest";
import { createMockClient, createTestClock, MockDatadogExporter } from "../../src/index.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe("time", () => {
  test("of spans and events comes from the clock of the test", () => {
    const clock = createTestClock(1_000);
    const client = createMockClient({ clock });
    client.trace("work", (span) => {
      clock.advance(250);
      span.addEvent("half way");
      clock.advance(250);
    });

    expect(client.getSpanByName("work")).toMatchObject({
      startTime: 1_000,
      durationMs: 500,
      events: [{ name: "half way", time: 1_250 }],
    });
  });

  test("of everything comes from fake timers, time to first token included", async () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    const client = createMockClient();
    const call = client.traceLLM({ provider: "openai", model: "gpt-4o-mini" }, async (span) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      span.recordChunk({ contentDelta: "Hello" });
      await new Promise((resolve) => setTimeout(resolve, 700));
    });
    await vi.advanceTimersByTimeAsync(1_000);
    await call;

    expect(client.getSpanByName("llm.request")).toMatchObject({
      startTime: 1_700_000_000_000,
      durationMs: 1_000,
      tags: { "llm.time_to_first_token_ms": 300 },
    });
    expect(client.getMetrics({ name: "llm.request.duration" })[0]?.value).toBe(1_000);
  });

  test("ends a span that is open for too long", () => {
    vi.useFakeTimers();
    const client = createMockClient();
    client.startSpan("stuck", { timeoutMs: 500 });
    vi.advanceTimersByTime(2_000);

    client.assertSpanCreated("stuck", { timeout: true, "error.type": "SpanTimeout" });
  });

  test("goes only forwards", () => {
    expect(() => createTestClock().advance(-1)).toThrow(RangeError);
    expect(() => createTestClock(0)).toThrow(RangeError);
  });

  test("a span that is ended before it began has no duration", () => {
    const client = createMockClient({ clock: createTestClock(1_000) });
    client.startSpan("odd").finish(500);

    expect(client.getSpanByName("odd")?.durationMs).toBe(0);
  });
});

describe("sampling", () => {
  test("is decided once for a trace and known to every span of it", () => {
    const client = createMockClient({ sampling: { rate: 0 } });
    client.trace("root", () => client.startSpan("child").finish());
    client.startSpan("kept", { childOf: null, keep: true }).finish();

    expect(client.getSpans().map(({ samplingPriority }) => samplingPriority)).toEqual([-1, -1, 2]);
  });
});

describe("spans that are open", () => {
  test("are not among the recorded ones, and have a list of their own", () => {
    const client = createMockClient();
    client.startSpan("forgotten");
    client.startSpan("done").finish();

    expect(client.getSpans().map(({ name }) => name)).toEqual(["done"]);
    expect(client.getOpenSpanNames()).toEqual(["forgotten"]);
  });
});

describe("tag conventions", () => {
  test("hold for everything the client writes by itself", async () => {
    const client = createMockClient({ tagConventions: ["llm.request"], content: { mode: "full" } });
    await client.traceAgent(
      { agentName: "planner", agentType: "router", collaboratingAgents: ["writer"] },
      async (agent) => {
        await client.traceToolCall(agent, "search", { q: 1 }, async () => "found");
        await client.traceAgentStep(agent, "think", async () => {});
        await client.traceLLM({ provider: "openai", model: "gpt-4o-mini" }, async (span) => {
          span.setInput("question").setOutput("answer").setFinishReason("stop");
          span.recordChunk({ contentDelta: "answer" });
          span.setUsage({ prompt_tokens: 10, completion_tokens: 5 });
        });
      },
    );

    client.assertValidTags();
  });

  test("refuse unknown names with the nearest one, wrong kinds, gen_ai and unbounded metric tags", () => {
    const client = createMockClient();
    client
      .startSpan("call", {
        tags: {
          "llm.provder": "openai",
          "llm.input_tokens": "many",
          "llm.request_type": "talk",
          "llm.parameters.temperature": 0.5,
          "gen_ai.system": "openai",
          "order.lines": 3,
        },
      })
      .finish();
    client.increment("orders", 1, { user_id: "42", channel: "web" });

    expect(client.getTagViolations().map(({ subject, tag }) => `${subject} ${tag}`)).toEqual([
      "span call llm.provder",
      "span call llm.input_tokens",
      "span call llm.request_type",
      "span call gen_ai.system",
      "metric orders user_id",
    ]);
    expect(() => client.assertValidTags()).toThrow("is no published name; llm.provider is");
  });
});

describe("limits", () => {
  test("let the oldest records go and count them", () => {
    const exporter = new MockDatadogExporter({ maxSpans: 2 });
    const client = createMockClient({ exporter });
    for (const name of ["a", "b", "c"]) client.startSpan(name).finish();

    expect(exporter.getSpans().map(({ name }) => name)).toEqual(["b", "c"]);
    expect(exporter.discarded).toBe(1);
  });

  test("are whole numbers", () => {
    expect(() => new MockDatadogExporter({ maxSpans: -1 })).toThrow(RangeError);
    expect(() => new MockDatadogExporter({ maxMetrics: 1.5 })).toThrow(RangeError);
  });

  test("two clients can share an exporter", () => {
    const exporter = new MockDatadogExporter();
    const [web, billing] = ["web", "billing"].map((service) =>
      createMockClient({ service, exporter }),
    );
    const headers = web?.trace("call", () => web.injectContext({}));
    billing?.startSpan("serve", { childOf: billing.extractContext(headers) }).finish();

    const [call, serve] = [exporter.getSpanByName("call"), exporter.getSpanByName("serve")];
    expect(serve).toMatchObject({
      service: "billing",
      parentId: call?.spanId,
      traceIdHex: call?.traceIdHex,
    });
  });
});

describe("hostile input", () => {
  const hostile = [
    undefined,
    null,
    7,
    Symbol("s"),
    Object.create(null),
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
        ownKeys: () => {
          throw new Error("no");
        },
      },
    ),
  ];

  test("never throws at the application", () => {
    const client = createMockClient({ llmobs: { enabled: true } });
    for (const value of hostile) {
      const any = value as never;
      client.startSpan(any, any).setTag(any, any).addEvent(any, any).addLink(any, any).finish(any);
      client.increment(any, any, any, any);
      client.gauge("g", any, any, any);
      client.set("s", any, any, any);
      client.event(any, any);
      client.serviceCheck(any, any, any);
      client.injectContext(any, any);
      client.extractContext(any);
      client.getCorrelationIds(any);
    }
    expect(client.health().spans.open).toBe(0);
  });
});

test("records nothing after shutdown but spans, and says so", async () => {
  const client = createMockClient();
  expect(await client.flush()).toMatchObject({ complete: true, openSpans: 0 });
  await client.shutdown();
  client.increment("late");

  expect(client.getMetrics()).toEqual([]);
  expect(client.health().faults).toMatchObject({ metric_after_close: 1 });
});

const serviceOf = (client: ReturnType<typeof createMockClient>) =>
  client.configuration().settings["service"]?.value;

test("takes the service from the option, else from the environment, else a name for tests", () => {
  expect(serviceOf(createMockClient())).toBe("test");
  vi.stubEnv("DD_SERVICE", "from-environment");
  expect(serviceOf(createMockClient())).toBe("from-environment");
  expect(serviceOf(createMockClient({ service: "own" }))).toBe("own");
});

test("refuses what createClient refuses", () => {
  expect(() => createMockClient({ sampling: { rate: 2 } })).toThrow("sampl");
});
