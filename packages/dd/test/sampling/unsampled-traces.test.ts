import { createTracing, silentLogger } from "@llmdevops/dd-core";
import { startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, afterEach, describe, expect, test } from "vitest";

const rate = 0.25;
const agent = await startTestAgent();
const tracing = createTracing({
  service: "ledger",
  agent: { url: agent.url },
  sampling: {
    rate,
    rules: [
      { name: "never", sampleRate: 0 },
      { name: "always", sampleRate: 1 },
      { name: "limited", sampleRate: 0.999_999, maxPerSecond: 1 },
    ],
  },
  logger: silentLogger,
});
afterEach(() => agent.clear());
afterAll(async () => {
  await tracing.shutdown();
  await agent.stop();
});

/** Runs `count` traces, and returns what has arrived and how many spans were left out. */
async function run(count: number, trace: (index: number) => void) {
  const before = tracing.health().totals;
  for (let index = 0; index < count; index += 1) trace(index);
  const report = await tracing.flush();
  const { created, open, buffered, exported, dropped } = tracing.health().totals;
  expect(created).toBe(open + buffered + exported + dropped);
  return { report, spans: agent.spans(), dropped: dropped - before.dropped };
}

/** What the Agent takes the spans for when it counts requests. */
function counted(spans: readonly { readonly metrics: Readonly<Record<string, number>> }[]): number {
  return spans.reduce((sum, { metrics }) => sum + 1 / (metrics["_sample_rate"] ?? 1), 0);
}

describe("a trace that the sample rate has not chosen", () => {
  test("is not sent, is counted as dropped, and stands in the weight of those that are", async () => {
    const { report, spans, dropped } = await run(4_000, () => tracing.startSpan("work").finish());

    expect(spans.length + dropped).toBe(4_000);
    expect(report.complete).toBe(true);
    expect(tracing.health().link?.dropped["sampled_out"]).toBeGreaterThanOrEqual(dropped);
    expect(spans.every(({ metrics }) => metrics["_sample_rate"] === rate)).toBe(true);
    // Six standard deviations of the estimate.
    expect(Math.abs(counted(spans) - 4_000)).toBeLessThan(660);
  });

  test("takes all of its spans with it, and none of another trace", async () => {
    const { spans, dropped } = await run(200, () => {
      tracing.trace("root", { childOf: null }, () => {
        tracing.trace("child", () => tracing.startSpan("leaf").finish());
      });
    });

    expect(spans.length % 3).toBe(0);
    expect(spans.length + dropped).toBe(600);
    const weighed = spans.filter(({ metrics }) => metrics["_sample_rate"] !== undefined);
    expect(new Set(weighed.map(({ name }) => name))).toEqual(new Set(["root"]));
  });

  test("is sent when one of its spans fails, and then stands for itself alone", async () => {
    const { spans, dropped } = await run(200, (index) => {
      const root = tracing.startSpan("root", { childOf: null });
      // Half of them have been decided before they fail.
      if (index % 2 === 0) tracing.injectContext({}, root);
      tracing.startSpan("child", { childOf: root }).setError(new Error("failed")).finish();
      root.finish();
    });

    expect(spans).toHaveLength(400);
    expect(dropped).toBe(0);
    expect(counted(spans)).toBe(400);
  });

  test("is sent where it holds an LLM or agent span, or one with keep", async () => {
    const { spans } = await run(60, () => {
      const root = tracing.startSpan("root", { childOf: null });
      tracing.startSpan("kept", { childOf: root, keep: true }).finish();
      root.finish();
    });

    expect(spans).toHaveLength(120);
    expect(counted(spans)).toBe(120);
  });

  test("takes the late spans with it, too, unless they fail", async () => {
    const { spans, dropped } = await run(80, (index) => {
      const root = tracing.startSpan("root", { childOf: null });
      root.finish();
      const late = tracing.startSpan("late", { childOf: root });
      if (index % 2 === 0) late.setError(new Error("failed"));
      late.finish();
    });

    expect(spans.filter(({ name, error }) => name === "late" && error === 1)).toHaveLength(40);
    expect(spans.length + dropped).toBe(160);
    expect(dropped).toBeGreaterThan(0);
  });
});

describe("a trace is sent, without a weight, where it was", () => {
  test.each(["never", "always"])("matched by a rule that leaves no choice: %s", async (name) => {
    const { spans, dropped } = await run(20, () => tracing.startSpan(name).finish());

    expect(spans).toHaveLength(20);
    expect(counted(spans)).toBe(20);
    expect(dropped).toBe(0);
  });

  test("dropped by another process", async () => {
    const parent = tracing.extractContext({
      "x-datadog-trace-id": "7",
      "x-datadog-parent-id": "8",
      "x-datadog-sampling-priority": "0",
    });
    const { spans } = await run(20, () => tracing.startSpan("work", { childOf: parent }).finish());

    expect(spans).toHaveLength(20);
    expect(counted(spans)).toBe(20);
  });

  test("dropped by hand", async () => {
    const { spans } = await run(20, () =>
      tracing.startSpan("work", { tags: { "manual.drop": true } }).finish(),
    );

    expect(spans).toHaveLength(20);
    expect(counted(spans)).toBe(20);
  });
});

test("a trace over a limit per second is sent, so that the limit changes no count of requests", async () => {
  const { spans, dropped } = await run(20, () => tracing.startSpan("limited").finish());

  expect(spans).toHaveLength(20);
  expect(dropped).toBe(0);
  expect(Math.round(counted(spans))).toBe(20);
});

test("the unsampled spans of a long trace are let go while it goes on", async () => {
  const { spans, dropped } = await run(8, () => {
    const root = tracing.startSpan("root", { childOf: null });
    for (let index = 0; index < 1_100; index += 1) {
      tracing.startSpan("child", { childOf: root }).finish();
    }
    root.finish();
  });

  expect(spans.length + dropped).toBe(8 * 1_101);
});
