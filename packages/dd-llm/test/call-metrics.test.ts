import { expect, test } from "vitest";
import { sendCallMetrics } from "../src/span/call-metrics.ts";
import type { CallRecord } from "../src/span/call-record.ts";
import { MetricTagSets } from "../src/span/metric-tag-sets.ts";
import { callRecord, streamSummary } from "./support/call-record.ts";
import { RecordingSink } from "./support/recording-sink.ts";

const complete: CallRecord = callRecord({
  usage: {
    inputTokens: 1_000,
    outputTokens: 101,
    totalTokens: 1_101,
    cacheReadInputTokens: 800,
    cacheWriteInputTokens: 100,
    reasoningOutputTokens: 60,
  },
  stream: streamSummary({ timeToFirstTokenMs: 165, streamingDurationMs: 2_000 }),
  cost: { inputUsd: 0.0015, outputUsd: 0.001_000_001, totalUsd: 0.002_500_001, source: "user" },
  durationMs: 2_200,
});

function sent(record: CallRecord, type: "distribution" | "histogram" = "distribution") {
  const sink = new RecordingSink();
  sendCallMetrics(sink, record, type, new MetricTagSets());
  return sink;
}

test("a call that is known whole has every metric, in its unit", () => {
  const sink = sent(complete);

  expect(sink.values()).toEqual({
    "llm.request.count": 1,
    "llm.request.duration": 2_200,
    "llm.request.tokens.input": 1_000,
    "llm.request.tokens.output": 101,
    "llm.request.tokens.total": 1_101,
    "llm.request.tokens.cache_read": 800,
    "llm.request.tokens.cache_write": 100,
    "llm.request.tokens.reasoning": 60,
    "llm.request.cost": 0.002_500_001,
    "llm.cost.input": 1_500,
    "llm.cost.output": 1_000.001,
    "llm.cost.total": 2_500.001,
    "llm.time_to_first_token": 165,
    "llm.time_per_output_token": 20,
    "llm.tokens_per_second": 50.5,
  });
  const counts = sink.metrics.filter(({ type }) => type === "increment").map(({ name }) => name);
  expect(counts.filter((name) => !name.startsWith("llm.request.tokens."))).toEqual([
    "llm.request.count",
  ]);
  expect(sink.metrics.filter(({ type }) => type === "distribution")).toHaveLength(8);
});

test("a call of which nothing is known has a count and a duration", () => {
  expect(sent(callRecord({ durationMs: 5 })).values()).toEqual({
    "llm.request.count": 1,
    "llm.request.duration": 5,
  });
});

test("tags are provider, model, request type, streaming and what the user lists", () => {
  for (const { tags } of sent(complete).metrics) {
    expect(tags).toEqual({
      team: "search",
      provider: "openai",
      model: "gpt-4o",
      request_type: "chat",
      streaming: true,
    });
  }
});

test("the user's tags do not replace the call's own", () => {
  const { call } = complete;
  const record = callRecord({
    call: { ...call, metricTags: { provider: "fake", model: "fake", streaming: "fake" } },
  });

  expect(sent(record).metrics[0]?.tags).toMatchObject({
    provider: "openai",
    model: "gpt-4o",
    streaming: false,
  });
});

test("an error is counted, and is a tag of count and duration only", () => {
  const sink = sent({ ...complete, errorClass: "rate_limit" });

  const tagged = sink.metrics.filter(({ tags }) => tags?.["error_type"] === "rate_limit");
  expect(tagged.map(({ name }) => name)).toEqual([
    "llm.request.count",
    "llm.request.duration",
    "llm.request.error",
  ]);
  expect(sink.named("llm.request.error")).toMatchObject([{ type: "increment", value: 1 }]);
});

test("durations are histograms where that is asked for", () => {
  const sink = sent(complete, "histogram");

  const named = (wanted: string) =>
    sink.metrics.filter(({ type }) => type === wanted).map(({ name }) => name);
  expect(named("histogram")).toEqual([
    "llm.request.duration",
    "llm.time_to_first_token",
    "llm.time_per_output_token",
  ]);
  expect(named("distribution")).toEqual([
    "llm.tokens_per_second",
    "llm.request.cost",
    "llm.cost.input",
    "llm.cost.output",
    "llm.cost.total",
  ]);
});

test("one output token has no time between tokens, an instant no rate", () => {
  const one = { ...complete, usage: { outputTokens: 1 } };
  const instant = { ...complete, stream: streamSummary({ streamingDurationMs: 0 }) };

  expect(sent(one).values()).not.toHaveProperty(["llm.time_per_output_token"]);
  expect(sent(one).values()).toHaveProperty(["llm.tokens_per_second"], 0.5);
  expect(sent(instant).values()).not.toHaveProperty(["llm.time_per_output_token"]);
  expect(sent(instant).values()).not.toHaveProperty(["llm.tokens_per_second"]);
  expect(sent({ ...complete, usage: {} }).values()).not.toHaveProperty(["llm.tokens_per_second"]);
  expect(sent({ ...complete, usage: { outputTokens: 2 } }).values()).toHaveProperty(
    ["llm.time_per_output_token"],
    2_000,
  );
});

test("a count of zero is sent: it is known", () => {
  const sink = sent(callRecord({ usage: { inputTokens: 0 } }));

  expect(sink.values()["llm.request.tokens.input"]).toBe(0);
});
