import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LinkAccounting } from "../src/agent-link/link-counts.ts";
import type { LinkReport } from "../src/dd-trace/link-report.ts";
import { createSelfTelemetry, Diagnostics, type MetricsSink, silentLogger } from "../src/index.ts";
import { spanTotals } from "../src/tracing/span-totals.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const accounting = new LinkAccounting();
  const spans = { created: 0, finished: 0, open: 0, timedOut: 0 };
  const emitted: (readonly [string, number])[] = [];
  const record = (name: string, value = 1) => void emitted.push([name, value]);
  const sink: MetricsSink = {
    increment: record,
    gauge: record,
    histogram: record,
    distribution: record,
  };
  const diagnostics = new Diagnostics(silentLogger, undefined);
  const link = (): LinkReport => ({
    ...accounting.counts(0, 0),
    breaker: "closed",
    agentReachable: undefined,
    agentVersion: undefined,
    encoding: 0,
  });
  const source = {
    health: () => ({ totals: spanTotals(spans, link(), true), link: link() }),
    metricsSent: () => 7,
    diagnostics,
  };
  return { accounting, spans, emitted, sink, source, diagnostics };
}

test("seven metrics say what has changed since the last report, from one moment", () => {
  const { accounting, spans, emitted, sink, source } = setUp();
  const telemetry = createSelfTelemetry(source, sink, 1_000);
  Object.assign(spans, { created: 10, finished: 8, open: 2 });
  accounting.accept(8, "traces");
  accounting.accept(100, "llmobs");
  accounting.sent(4, "traces", "delivered", false);
  accounting.sent(1, "traces", "unconfirmed", false);
  accounting.sent(100, "llmobs", "delivered", false);
  accounting.drop("buffer_full", 2, "traces");
  accounting.attempts = 3;
  accounting.failure("503");
  accounting.lastLatencyMs = 12;
  vi.advanceTimersByTime(1_000);

  expect(emitted.splice(0)).toEqual([
    ["datadog.spans_created", 10],
    ["datadog.spans_exported", 5],
    ["datadog.spans_dropped", 2],
    ["datadog.metrics_sent", 7],
    ["datadog.buffer_size", 1],
    ["datadog.agent_errors", 1],
    ["datadog.export_latency", 12],
  ]);
  vi.advanceTimersByTime(1_000);
  expect(emitted).toEqual([]);

  telemetry.stop();
  spans.created = 11;
  vi.advanceTimersByTime(5_000);
  expect(emitted).toEqual([]);
  telemetry.report();
  expect(emitted).toContainEqual(["datadog.spans_created", 1]);
});

test("a sink that throws is counted and never reaches the timer", () => {
  const { spans, sink, source, diagnostics } = setUp();
  spans.created = 1;
  const broken = {
    ...sink,
    increment: () => {
      throw new Error("sink");
    },
  };
  createSelfTelemetry(source, broken, 1_000);
  vi.advanceTimersByTime(1_000);

  expect(diagnostics.counts()).toEqual({ self_telemetry_failed: 1 });
});

test("an interval of 0 starts no timer", () => {
  const { sink, source } = setUp();
  createSelfTelemetry(source, sink, 0);

  expect(vi.getTimerCount()).toBe(0);
});

test("spans that only others can have started are foreign", () => {
  const { accounting, source } = setUp();
  accounting.accept(3, "traces");
  accounting.sent(3, "traces", "delivered", false);

  expect(source.health().totals).toEqual({
    created: 3,
    open: 0,
    buffered: 0,
    exported: 3,
    dropped: 0,
    foreign: 3,
  });
});

test("without a tracer every finished span is dropped, and with one that sends by itself exported", () => {
  const counts = { created: 5, finished: 3, open: 2, timedOut: 0 };

  expect(spanTotals(counts, undefined, false)).toMatchObject({ dropped: 3, exported: 0, open: 2 });
  expect(spanTotals(counts, undefined, true)).toMatchObject({ dropped: 0, exported: 3, open: 2 });
});

test("without a link to the Agent there is nothing to say of it, which is no fault", () => {
  const { spans, emitted, sink, diagnostics } = setUp();
  Object.assign(spans, { created: 2, finished: 1, open: 1 });
  const health = () => ({ totals: spanTotals(spans, undefined, false), link: undefined });
  createSelfTelemetry({ health, diagnostics }, sink, 0).report();

  expect(emitted).toEqual([
    ["datadog.spans_created", 2],
    ["datadog.spans_dropped", 1],
    ["datadog.buffer_size", 0],
  ]);
  expect(diagnostics.counts()).toEqual({});
});
