import { setImmediate } from "node:timers/promises";
import tracer from "dd-trace";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { DeferredTraces } from "../src/dd-trace/deferred-traces.ts";
import { traceWriterOf } from "../src/dd-trace/trace-writer.ts";
import { callMethod, readPath } from "../src/dd-trace/untyped.ts";
import { lastJson, runModule } from "./support/child-process.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { tracing, intake } = await startRealTracing();
afterAll(() => intake.stop());
beforeEach(async () => {
  await tracing.flush();
});

/** How many traces dd-trace has encoded and not handed over. */
const encoded = (): unknown => callMethod(readPath(traceWriterOf(tracer), "_encoder"), "count");
const waiting = (): number | undefined => tracing.health().link?.encoding;

function endTrace(spans: number): void {
  tracing.trace("outer", { childOf: null }, () => {
    for (let count = 1; count < spans; count += 1) tracing.startSpan("inner").finish();
  });
}

test("a trace that has ended waits for others, a tenth of a second at most, and is counted all the while", async () => {
  const { buffered } = tracing.health().totals;
  const begin = performance.now();
  tracing.trace("outer", () => tracing.startSpan("inner").finish());
  await setImmediate();

  expect([encoded(), waiting()]).toEqual([0, 2]);
  expect(tracing.health().totals.buffered).toBe(buffered + 2);
  await vi.waitFor(() => expect(encoded()).toBe(1), { timeout: 5_000, interval: 5 });
  // A timer counts from the beginning of its turn, which may be some time ago.
  expect(performance.now() - begin).toBeGreaterThan(50);
  expect(waiting()).toBe(2);
  expect(tracing.health().totals.buffered).toBe(buffered + 2);
});

test("a trace that ends after the others were encoded is encoded by itself, as soon", async () => {
  for (const expected of [1, 2, 3]) {
    tracing.startSpan("again").finish();
    await vi.waitFor(() => expect(encoded()).toBe(expected), { timeout: 5_000, interval: 5 });
  }
});

test("traces of 64 spans are enough to be encoded when the event loop turns", async () => {
  for (const expected of [2, 4]) {
    endTrace(63);
    await setImmediate();
    expect(encoded()).toBe(expected - 2);
    endTrace(1);
    expect(encoded()).toBe(expected - 2);
    await setImmediate();

    expect(encoded()).toBe(expected);
  }
});

test("a test of the application that has taken the clock over does not keep it back", async () => {
  vi.useFakeTimers({ toFake: ["setImmediate", "setTimeout", "setInterval"] });
  tracing.startSpan("tested").finish();
  vi.useRealTimers();
  await vi.waitFor(() => expect(encoded()).toBe(1), { timeout: 5_000, interval: 5 });

  vi.useFakeTimers({ toFake: ["setImmediate", "setTimeout", "setInterval"] });
  endTrace(64);
  vi.useRealTimers();
  await setImmediate();
  expect(encoded()).toBe(2);
});

test("a trace is decided about when it ends", () => {
  const span = tracing.startSpan("decided");
  expect(tracing.samplingDecision(span)?.isKept).toBeUndefined();
  span.finish();

  expect(encoded()).toBe(0);
  expect(tracing.samplingDecision(span)?.isKept).toBe(true);
});

test("a loop that never waits has traces of 128 spans waiting at most", () => {
  for (let count = 0; count < 128; count += 1) endTrace(1);
  expect([encoded(), waiting()]).toEqual([0, 128]);
  endTrace(1);

  expect([encoded(), waiting()]).toEqual([128, 129]);
});

test("one trace alone may have more of them", () => {
  endTrace(120);
  endTrace(8);
  expect(encoded()).toBe(0);
  endTrace(999);
  expect([encoded(), waiting()]).toEqual([2, 1_127]);
  endTrace(1);

  expect([encoded(), waiting()]).toEqual([3, 1_128]);
});

test("what waits does not keep the process alive, and is delivered when it ends", async () => {
  intake.received.length = 0;
  const finished = await runModule(
    `import { createTracing, silentLogger } from "@llmdevops/dd-core";
    const tracing = createTracing({ logger: silentLogger });
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    tracing.startSpan("the last word").finish();
    console.log(timers() - before);`,
    { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: intake.url },
  );

  expect(finished.errors).toBe("");
  expect(lastJson(finished)).toBe(0);
  expect(Buffer.concat(intake.received.map(({ body }) => body)).toString("latin1")).toContain(
    "the last word",
  );
}, 30_000);

test("a flush sends what has only just ended", async () => {
  const { exported } = tracing.health().totals;
  tracing.startSpan("last").finish();

  expect((await tracing.flush()).complete).toBe(true);
  expect(tracing.health().totals).toMatchObject({ exported: exported + 1, buffered: 0 });
});

test("a span that starts in a trace after its end does not hold it back", async () => {
  const root = tracing.startSpan("root");
  root.finish();
  const late = tracing.startSpan("late", { childOf: root });
  endTrace(63);
  await setImmediate();

  expect([encoded(), waiting()]).toEqual([2, 64]);
  late.finish();
  endTrace(63);
  await setImmediate();
  expect([encoded(), waiting()]).toEqual([4, 128]);
});

test("a dd-trace that somebody else has set up encodes at once, as its host expects", async () => {
  const finished = await runModule(
    `import tracer from "dd-trace";
    import { createTracing, silentLogger } from "@llmdevops/dd-core";
    tracer.init({ startupLogs: false });
    createTracing({ logger: silentLogger }).startSpan("work").finish();
    console.log(tracer._tracer._exporter._writer._encoder.count());
    process.exit();`,
    { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: intake.url },
  );

  expect(lastJson(finished)).toBe(1);
});

test("what has just ended is delivered by a process that exits in the same turn", async () => {
  intake.received.length = 0;
  const finished = await runModule(
    `import { createTracing, silentLogger } from "@llmdevops/dd-core";
    createTracing({ logger: silentLogger }).startSpan("the last word").finish();
    process.exit();`,
    { DD_SERVICE: "checkout", DD_TRACE_AGENT_URL: intake.url },
  );

  expect(finished.errors).toBe("");
  expect(Buffer.concat(intake.received.map(({ body }) => body)).toString("latin1")).toContain(
    "the last word",
  );
}, 30_000);

/** A processor as dd-trace's, on which `process` does what a test says. */
function attachTo(
  process: (span: object) => void,
  onLost: (spans: number) => void = () => {},
  handedOver: () => number = () => 0,
) {
  const decided: object[] = [];
  const processor = { process, _prioritySampler: { sample: (it: object) => decided.push(it) } };
  const tracer = { _tracer: { _processor: processor } };
  const deferred = DeferredTraces.attach(tracer, handedOver, onLost);
  return { deferred, decided, end: (span: object) => processor.process(span) };
}

function spanOf(started: number, finished: number, record?: boolean) {
  const trace = { started: new Array(started), finished: new Array(finished), record };
  const context = { _trace: trace };
  return { trace, context: () => context };
}

test("a trace that goes on, and one that is not recorded, are left to dd-trace", () => {
  const given: object[] = [];
  const { deferred, decided, end } = attachTo((span) => void given.push(span));
  const spans = [spanOf(2, 1), spanOf(1, 1, false), spanOf(1, 1, true)];
  for (const span of spans) end(span);

  expect(given).toEqual(spans.slice(0, 2));
  expect(decided).toHaveLength(1);
  expect(deferred?.pendingSpans).toBe(1);
});

test.each([[undefined], [{}], [{ started: [] }], [{ started: new Set(), finished: new Set() }]])(
  "a trace of another shape, %o, is left to dd-trace",
  (trace) => {
    const given: object[] = [];
    const { deferred, end } = attachTo((span) => void given.push(span));
    const span = { context: () => ({ _trace: trace }) };
    end(span);

    expect(given).toEqual([span]);
    expect(deferred?.pendingSpans).toBe(0);
  },
);

test("dd-trace finds the trace as it was when it ended, and what came since stays in it", () => {
  const seen: unknown[] = [];
  const span = spanOf(3, 3);
  const { deferred, end } = attachTo(() => {
    seen.push(span.trace.started.length, span.trace.finished.length);
    span.trace.started = [];
    span.trace.finished = [];
  });
  end(span);
  expect([span.trace.started, span.trace.finished]).toEqual([[], []]);
  const since = [{}];
  span.trace.started = since;
  deferred?.drain();

  expect(seen).toEqual([3, 3]);
  expect(span.trace.started).toBe(since);
  expect(span.trace.finished).toEqual([]);
  expect(deferred?.pendingSpans).toBe(0);
});

test("one trace for which dd-trace throws is lost and counted, and the next are not", () => {
  const lost: number[] = [];
  const given: object[] = [];
  const broken = spanOf(2, 2);
  const { deferred, end } = attachTo(
    (span) => {
      if (span === broken) throw new Error("dd-trace");
      given.push(span);
    },
    (spans) => lost.push(spans),
  );
  const spans = [spanOf(1, 1), broken, spanOf(1, 1)];
  for (const span of spans) end(span);
  deferred?.drain();

  expect(lost).toEqual([2]);
  expect(given).toEqual([spans[0], spans[2]]);
});

test("a trace that dd-trace has handed over before it throws is not lost", () => {
  const lost: number[] = [];
  let handedOver = 7;
  const { deferred, end } = attachTo(
    () => {
      handedOver += 1;
      throw new Error("dd-trace");
    },
    (spans) => lost.push(spans),
    () => handedOver,
  );
  end(spanOf(1, 1));
  deferred?.drain();

  expect(handedOver).toBe(8);
  expect(lost).toEqual([]);
});

test.each([[{}], [{ process: () => {} }], [undefined], [{ _prioritySampler: { sample() {} } }]])(
  "a processor of another shape, %o, is left as it is",
  (processor) => {
    const attached = DeferredTraces.attach(
      { _tracer: { _processor: processor } },
      () => 0,
      () => {},
    );
    expect(attached).toBeUndefined();
  },
);
