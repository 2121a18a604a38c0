import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createMockClient, generateLoad, startTestAgent, type TestAgent } from "../../src/index.ts";
import { seededRandom } from "../../src/load/seeded-random.ts";
import { syntheticTrace } from "../../src/load/synthetic-trace.ts";

const shape = { depth: 3, fanOut: 2, errorRate: 0, llmShare: 0.5, agents: 2 };
let agent: TestAgent;
beforeAll(async () => {
  agent = await startTestAgent();
});
beforeEach(() => agent.clear());
afterAll(() => agent.stop());

test("every trace that is sent arrives, with as many spans as the report says", async () => {
  const report = await generateLoad({ url: agent.url, tracesPerSecond: 200, durationMs: 250 });

  expect(report).toMatchObject({ traces: 50, accepted: 50, refused: {} });
  expect(agent.traces()).toHaveLength(50);
  expect(agent.spans()).toHaveLength(report.spans);
  expect([...agent.rejections(), ...agent.checkFailures()]).toEqual([]);
});

test("a seed always gives the same trace, another seed another one", () => {
  const trace = (seed: number) => syntheticTrace(seededRandom(seed), shape, 1_000);

  expect(trace(1)).toEqual(trace(1));
  expect(trace(1)).not.toEqual(trace(2));
});

test("a trace has one root, the agents below it, and no child outside its parent's time", () => {
  const trace = syntheticTrace(seededRandom(3), shape, 1_000);
  const spans = new Map(trace.map((span) => [span.spanId, span]));

  expect(trace.filter(({ parentId }) => parentId === 0n)).toHaveLength(1);
  expect(trace.filter(({ name }) => name === "agent.run")).toHaveLength(2);
  for (const span of trace.slice(1)) {
    const parent = spans.get(span.parentId);
    expect(parent).toBeDefined();
    expect(span.start + span.duration).toBeLessThanOrEqual(
      (parent?.start ?? 0n) + (parent?.duration ?? 0n),
    );
  }
});

test("the shares of errors and model calls are those asked for", () => {
  const random = seededRandom(5);
  const traces = Array.from({ length: 2_000 }, () =>
    syntheticTrace(random, { ...shape, errorRate: 0.2 }, 1_000),
  );
  const failed = traces.filter(([root]) => root?.error === 1).length;
  const innermost = traces.flat().filter(({ name }) => /^(?:tool\.|llm\.)/.test(name));
  const calls = innermost.filter(({ name }) => name === "llm.request").length;

  expect(failed / traces.length).toBeCloseTo(0.2, 1);
  expect(calls / innermost.length).toBeCloseTo(0.5, 1);
});

test("counts what is refused, and stops when it is told to", async () => {
  await agent.fail(429);
  const stop = new AbortController();
  const load = generateLoad({
    url: agent.url,
    tracesPerSecond: 1_000,
    durationMs: 60_000,
    signal: stop.signal,
  });
  await agent.waitFor({ requests: 1 });
  stop.abort();
  const report = await load;
  await agent.fail(null);

  expect(report.accepted).toBe(0);
  expect(report.refused["429"]).toBe(report.traces);
});

test("refuses options out of range", async () => {
  for (const options of [
    { tracesPerSecond: 0 },
    { errorRate: 2 },
    { depth: 11 },
    { durationMs: Number.NaN },
    { agents: "2" as never },
  ]) {
    await expect(generateLoad(options), JSON.stringify(options)).rejects.toThrow(RangeError);
  }
  await expect(generateLoad({ url: "nowhere" })).rejects.toThrow(TypeError);
});

test("a client records the same trees that go by wire, with the usage of its model calls", async () => {
  const client = createMockClient();
  const options = { tracesPerSecond: 100, durationMs: 100, seed: 7, errorRate: 0.5, agents: 2 };

  const recorded = await generateLoad({ ...options, client });
  await generateLoad({ ...options, url: agent.url });

  expect(recorded).toMatchObject({ traces: 10, accepted: 10, refused: {} });
  expect(client.getOpenSpanNames()).toEqual([]);
  const outline = (
    spans: readonly { spanId: string; parentId: string; name: string }[],
  ): string[] => {
    const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
    return spans.map(({ name, parentId }) => `${names.get(parentId) ?? ""} > ${name}`).sort();
  };
  expect(outline(client.getSpans())).toEqual(outline(agent.spans()));
  expect(client.getSpans().filter(({ tags }) => tags["error"] === true).length).toBe(
    agent.spans().filter(({ error }) => error === 1).length,
  );
  const tokens = (values: readonly unknown[]): number =>
    values.reduce<number>((sum, value) => sum + Number(value ?? 0), 0);
  expect(tokens(client.getSpans().map(({ tags }) => tags["llm.total_tokens"]))).toBe(
    tokens(agent.spans().map(({ metrics }) => metrics["llm.total_tokens"])),
  );
  expect(client.getMetrics({ name: "agent.run.count" })).toHaveLength(20);
});

test("a client and a url at once are refused", async () => {
  const both = { url: agent.url, client: createMockClient() };

  await expect(generateLoad(both)).rejects.toThrow(TypeError);
});
