import {
  createFoundation,
  createSelfTelemetry,
  createTracing,
  silentLogger,
} from "@llmdevops/dd-core";
import { createMetrics } from "@llmdevops/dd-metrics";
import { startTestAgent } from "@llmdevops/dd-testing";
import fc from "fast-check";
import { afterAll, expect, test, vi } from "vitest";
import { action, expectIdentity, perform, SpanModel } from "./random-history.ts";

// The timer that ends spans whose time is over, so that a history can let it pass.
vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });

const agent = await startTestAgent();
// The parts of a composed client, which could not be used any more after its first shutdown.
const foundation = createFoundation({
  service: "ledger",
  agent: { url: agent.url },
  buffer: { maxSpans: 40 },
  delivery: { retryBaseMs: 1, retryCapMs: 5, breakerOpenMs: 20, breakerFailures: 3 },
  flushTimeoutMs: 300,
  logger: silentLogger,
});
const client = createTracing({}, foundation);
const metrics = createMetrics(
  { dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort } },
  foundation,
);
const { diagnostics } = foundation;
const telemetry = createSelfTelemetry({ health: () => client.health(), diagnostics }, metrics, 0);
const model = new SpanModel();
const subject = { client, agent, model };
afterAll(async () => {
  vi.useRealTimers();
  await client.shutdown();
  await agent.stop();
});

test("created = open + buffered + exported + dropped at every moment of any history of faults, time-outs and shutdowns", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (history) => {
      for (const step of history) {
        await perform(step, subject);
        expectIdentity(subject);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("what does not fit the buffer while the Agent is gone is dropped, and nothing else", async () => {
  await agent.fail("refuse");
  const before = client.health().totals.dropped;
  for (let trace = 0; trace < 100; trace++) {
    client.trace("traced", { childOf: null }, (span) => model.start(span));
  }
  await client.flush();

  expectIdentity(subject);
  expect(client.health().totals.dropped - before).toBeGreaterThanOrEqual(60);
  expect(client.health().link?.buffered).toBe(40);
});

test("spans that nobody ends are counted when their limit has passed", async () => {
  await perform({ act: "finish-all" }, subject);
  model.start(client.startSpan("forgotten", { childOf: null, timeoutMs: 1 }));
  const before = client.health().spans.timedOut;
  await perform({ act: "time-out" }, subject);

  expect(client.health().spans.timedOut).toBe(before + 1);
  expectIdentity(subject);
});

test("in the end exported is what the Agent has, and the metrics say the same", async () => {
  await agent.fail(null);
  for (const span of [...model.open]) span.finish();
  // At least one of each kind reaches the Agent, whatever the histories were.
  model.start(client.startSpan("forgotten", { childOf: null, timeoutMs: 1 }));
  await perform({ act: "time-out" }, subject);
  model.start(client.startSpan("interrupted", { childOf: null }));
  await perform({ act: "shutdown" }, subject);
  // The breaker may be open, and a flush is bounded.
  await expect.poll(async () => (await client.flush()).link?.buffered, { timeout: 10_000 }).toBe(0);
  expectIdentity(subject);
  const { totals, link } = client.health();
  // Only at the end: datagrams are lost where the fault closes the port.
  telemetry.report();
  await metrics.close();
  const sum = (name: string) =>
    agent
      .metrics()
      .filter((metric) => metric.name === name)
      .flatMap(({ values }) => values.map(Number))
      .reduce((total, value) => total + value, 0);
  await agent.waitFor({ metrics: ({ name }) => name === "datadog.spans_created" });

  const received = new Set(agent.spans().map(({ spanId }) => spanId)).size;
  expect(totals).toMatchObject({ open: 0, buffered: 0 });
  // Otherwise the histories have shown nothing.
  expect(Math.min(totals.exported, totals.dropped)).toBeGreaterThan(0);
  expect(agent.spans().some(({ metrics: { shutdown } }) => shutdown === 1)).toBe(true);
  expect(agent.spans().some(({ metrics: { timeout } }) => timeout === 1)).toBe(true);
  expect(received).toBeGreaterThanOrEqual(link?.delivered ?? Number.NaN);
  expect(received).toBeLessThanOrEqual(totals.exported);
  expect(sum("datadog.spans_created")).toBe(totals.created);
  expect(sum("datadog.spans_exported")).toBe(totals.exported);
  expect(sum("datadog.spans_dropped")).toBe(totals.dropped);
});
