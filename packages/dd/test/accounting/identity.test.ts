import { createClient, type Span, silentLogger } from "@llmdevops/dd";
import { type FailMode, startTestAgent } from "@llmdevops/dd-testing";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";

const agent = await startTestAgent();
const client = createClient({
  service: "ledger",
  agent: { url: agent.url },
  dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
  buffer: { maxSpans: 40 },
  delivery: { retryBaseMs: 1, retryCapMs: 5, breakerOpenMs: 20, breakerFailures: 3 },
  flushTimeoutMs: 300,
  // Only at the end: datagrams are lost where the fault closes the port.
  selfTelemetryIntervalMs: 3_600_000,
  logger: silentLogger,
});
afterAll(async () => {
  await client.shutdown();
  await agent.stop();
});

/** What the test itself knows of the spans, to compare with. */
class Model {
  readonly #open: Span[] = [];
  readonly #traces = new Map<string, { open: number; finished: number }>();
  created = 0;

  start(span: Span): void {
    this.created += 1;
    this.#open.push(span);
    const trace = this.#traces.get(span.traceId) ?? { open: 0, finished: 0 };
    trace.open += 1;
    this.#traces.set(span.traceId, trace);
  }

  pick(index: number): Span | undefined {
    return this.#open[index % this.#open.length];
  }

  /** Takes note of spans that have ended, by whatever way. */
  settle(): void {
    for (const span of [...this.#open].filter(({ finished }) => finished)) {
      this.#open.splice(this.#open.indexOf(span), 1);
      const trace = this.#traces.get(span.traceId);
      if (trace === undefined) continue;
      trace.open -= 1;
      trace.finished += 1;
      // dd-trace lets a trace go when all of its spans have ended.
      if (trace.open === 0) this.#traces.delete(span.traceId);
    }
  }

  get open(): readonly Span[] {
    return this.#open;
  }

  /** Finished spans whose trace is not complete. */
  get waiting(): number {
    let waiting = 0;
    for (const { finished } of this.#traces.values()) waiting += finished;
    return waiting;
  }
}

const model = new Model();

function expectIdentity(): void {
  model.settle();
  const { totals, link, spans } = client.health();
  if (link === undefined) throw new Error("There is no link.");
  expect(totals.created).toBe(totals.open + totals.buffered + totals.exported + totals.dropped);
  expect(totals).toMatchObject({ created: model.created, open: model.open.length, foreign: 0 });
  expect(spans.created).toBe(model.created);
  // From parts that are counted elsewhere, so that it is more than a subtraction.
  expect(totals.buffered).toBe(model.waiting + link.encoding + link.buffered + link.spooled);
}

const statuses = [400, 413, 429, 503].map(
  (status): FailMode => ({ mode: "status", status, retryAfterSeconds: null }),
);

type Action =
  | { readonly act: "start"; readonly child: boolean; readonly limited: boolean }
  | { readonly act: "finish" | "fail"; readonly which: number }
  | { readonly act: "trace" | "flush" | "recover" | "wait" | "finish-all" | "metric" }
  | { readonly act: "fault"; readonly mode: FailMode };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("start" as const),
      child: fc.boolean(),
      limited: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom("finish" as const, "fail" as const),
      which: fc.nat(50),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom(
        "trace" as const,
        "flush" as const,
        "recover" as const,
        "wait" as const,
        "finish-all" as const,
        "metric" as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant("fault" as const),
      mode: fc.constantFrom<FailMode>("refuse", "reset", "half-close", "garbage", ...statuses),
    }),
  },
);

async function perform(step: Action): Promise<void> {
  switch (step.act) {
    case "start": {
      const parent = step.child ? model.pick(0) : undefined;
      const limit = step.limited ? { timeoutMs: 1 } : {};
      model.start(client.startSpan("step", { childOf: parent ?? null, ...limit }));
      return;
    }
    case "finish":
      model.pick(step.which)?.finish();
      return;
    case "fail":
      model.pick(step.which)?.setError(new Error("failed"));
      return;
    case "trace":
      client.trace("traced", { childOf: null }, (span) => model.start(span));
      return;
    case "finish-all":
      for (const span of [...model.open]) span.finish();
      return;
    case "metric":
      client.increment("steps");
      return;
    case "fault":
      await agent.fail(step.mode);
      return;
    case "recover":
      await agent.fail(null);
      return;
    case "flush":
      await client.flush();
      return;
    default:
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("created = open + buffered + exported + dropped at every moment of any history of faults", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (history) => {
      for (const step of history) {
        await perform(step);
        expectIdentity();
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("what does not fit the buffer while the Agent is gone is dropped, and nothing else", async () => {
  await agent.fail("refuse");
  const before = client.health().totals.dropped;
  for (let trace = 0; trace < 100; trace++) {
    client.trace("traced", { childOf: null }, (span) => model.start(span));
  }
  await client.flush();

  expectIdentity();
  expect(client.health().totals.dropped - before).toBeGreaterThanOrEqual(60);
  expect(client.health().link?.buffered).toBe(40);
});

test("spans that nobody ends are counted when their limit has passed", async () => {
  model.start(client.startSpan("forgotten", { childOf: null, timeoutMs: 1 }));
  await expect.poll(() => client.health().spans.timedOut, { timeout: 5_000 }).toBeGreaterThan(0);

  expectIdentity();
});

test("in the end exported is what the Agent has, and the metrics say the same", async () => {
  await agent.fail(null);
  for (const span of [...model.open]) span.finish();
  // The breaker may be open, and a flush is bounded.
  await expect.poll(async () => (await client.flush()).link?.buffered, { timeout: 10_000 }).toBe(0);
  expectIdentity();
  const { totals, link } = client.health();
  await client.shutdown();
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
  expect(received).toBeGreaterThanOrEqual(link?.delivered ?? Number.NaN);
  expect(received).toBeLessThanOrEqual(totals.exported);
  expect(sum("datadog.spans_created")).toBe(totals.created);
  expect(sum("datadog.spans_exported")).toBe(totals.exported);
  expect(sum("datadog.spans_dropped")).toBe(totals.dropped);
});
