import { ConfigurationError, type MetricsSink } from "@llmdevops/dd-core";
import { describe, expect, test } from "vitest";
import { createLLM, type LLMOptions } from "../src/index.ts";
import { gpt4o, realTracing, testClient } from "./support/clients.ts";
import { RecordingSink } from "./support/recording-sink.ts";

describe("an option that is wrong is refused when the client is built", () => {
  test.each<[string, object]>([
    ["a sink without increment", { metrics: { distribution: () => {} } }],
    ["a sink without distribution", { metrics: { increment: () => {} } }],
    [
      "a sink without histogram, where that is used",
      {
        durationMetricType: "histogram",
        metrics: { increment: () => {}, distribution: () => {} },
      },
    ],
    ["an unknown metric type", { durationMetricType: "timing" }],
    ["an unknown content mode", { content: { mode: "everything" } }],
    ["a price that is no price", { prices: { m: { inputPerMillion: "free" } } }],
  ])("%s", (_title, options) => {
    expect(() => createLLM({ ...(options as LLMOptions), tracing: realTracing() })).toThrow(
      ConfigurationError,
    );
  });

  test("also those of the tracing client that it makes itself", () => {
    expect(() => createLLM({ service: "s", sampling: { rate: 5 } })).toThrow(ConfigurationError);
  });
});

test("without a metrics sink a call works as well", () => {
  const llm = createLLM({ tracing: realTracing() });

  expect(llm.traceLLM(gpt4o, () => 1)).toBe(1);
});

test("without a tracer calls run and are measured all the same", async () => {
  const metrics = new RecordingSink();
  const llm = createLLM({ service: "s", enabled: false, metrics });

  const value = await llm.traceLLM(gpt4o, async (span) => {
    span.setUsage({ inputTokens: 1, outputTokens: 1 });
    return 5;
  });

  expect(value).toBe(5);
  expect(metrics.values()["llm.request.tokens.total"]).toBe(2);
});

test("a sink that throws costs its metrics only, and is counted", () => {
  const broken = () => {
    throw new Error("sink");
  };
  const metrics: MetricsSink = {
    increment: broken,
    gauge: broken,
    histogram: broken,
    distribution: broken,
  };
  const { llm, annotations, faults } = testClient({ metrics });

  const span = llm.startLLMSpan("llm.request", gpt4o);
  span.setUsage({ inputTokens: 1, outputTokens: 1 }).finish();

  expect(faults("metrics_sink_threw")).toBe(1);
  expect(annotations).toHaveLength(1);
  expect(span.finished).toBe(true);
  expect(span.getTag("llm.total_tokens")).toBe(2);
});

test("durations are histograms where that is asked for", () => {
  const { llm, sink } = testClient({ durationMetricType: "histogram" });

  llm.traceLLM(gpt4o, () => {});

  expect(sink.named("llm.request.duration")).toMatchObject([{ type: "histogram" }]);
});

test("the user's prices come before the price list", () => {
  const { llm, sink } = testClient({
    prices: { "gpt-4o": { inputPerMillion: 1_000, outputPerMillion: 0 } },
  });

  llm.traceLLM(gpt4o, (span) => {
    span.setUsage({ inputTokens: 1_000, outputTokens: 1_000 });
  });

  expect(sink.values()["llm.request.cost"]).toBe(1);
});

test("the price list's price is the one of the day of the call", () => {
  const { llm, sink } = testClient();
  const call = { provider: "openai", model: "o3" };
  const costAt = (startTime: number) => {
    llm.traceLLM({ ...call, startTime }, (span) => {
      span.setUsage({ inputTokens: 1_000_000, outputTokens: 0 });
    });
    return sink.named("llm.request.cost").at(-1)?.value;
  };

  // OpenAI lowered the price of o3 from $10 to $2 per million tokens on 10 June 2025.
  expect(costAt(Date.UTC(2025, 4, 1))).toBe(10);
  expect(costAt(Date.UTC(2025, 6, 1))).toBe(2);
});

test("an LLM Observability span is of the call's kind and names its model, session and times", () => {
  const tracing = realTracing();
  const started: unknown[] = [];
  const llm = createLLM({
    metrics: new RecordingSink(),
    tracing: {
      configuration: tracing.configuration,
      diagnostics: tracing.diagnostics,
      guard: tracing.guard,
      llmobsEnabled: false,
      withSpan: tracing.withSpan.bind(tracing),
      annotate: () => {
        throw new Error("not when LLM Observability is off");
      },
      startSpan: (name, options) => {
        started.push(options?.llmobs, options?.keep, options?.startTime, options?.timeoutMs);
        return tracing.startSpan(name, options);
      },
    },
  });

  const startTime = Date.now() - 50;
  llm.traceLLM({ ...gpt4o, sessionId: "s1", startTime, timeoutMs: 9_000 }, () => {});
  llm.traceLLM({ ...gpt4o, requestType: "embed" }, () => {});

  expect(started).toEqual([
    { kind: "llm", modelName: "gpt-4o", modelProvider: "openai", sessionId: "s1" },
    true,
    startTime,
    9_000,
    { kind: "embedding", modelName: "gpt-4o", modelProvider: "openai" },
    true,
    undefined,
    undefined,
  ]);
  expect(tracing.diagnostics.counts()).not.toHaveProperty("llm_call_unnamed");
});

test("parameters may be texts, numbers and booleans", () => {
  const { llm, annotations } = testClient();
  const parameters = { temperature: 0.2, store: false, effort: "low" };

  llm.traceLLM({ ...gpt4o, parameters }, () => {});

  expect(annotations[0]?.metadata).toMatchObject(parameters);
});

test("at most 64 metric tags and parameters are kept, scalars only", () => {
  const { llm, sink, annotations } = testClient();
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`t${index}`, "x"]));
  const odd = JSON.parse('{"__proto__":"x"}') as Record<string, string>;

  llm.traceLLM({ ...gpt4o, metricTags: many, parameters: { ...many } }, () => {});
  llm.traceLLM(
    { ...gpt4o, metricTags: { ...odd, list: ["x"] as unknown as string, team: "a" } },
    () => {},
  );

  const [first, second] = sink.named("llm.request.count");
  expect(Object.keys(first?.tags ?? {})).toHaveLength(68);
  expect(Object.keys(second?.tags ?? {}).sort()).toEqual([
    "model",
    "provider",
    "request_type",
    "streaming",
    "team",
  ]);
  const told = Object.values(annotations[0]?.metadata ?? {}).filter((value) => value !== undefined);
  expect(told).toHaveLength(66);
});

test.each([
  ["content", 5],
  ["content", null],
  ["prices", 5],
  ["tagConventions", 5],
  ["tagConventions", "llm.request"],
  ["tagConventions", ["llm.reqest"]],
])("%s cannot be %j, and the error names the option", (name, value) => {
  expect(() => testClient({ [name]: value } as LLMOptions)).toThrow(
    new RegExp(`^The setting ${name} must be`),
  );
});
