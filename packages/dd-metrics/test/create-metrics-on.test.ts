import { createFoundation, silentLogger } from "@llmdevops/dd-core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMetricsOn, type MetricsBackend, type RecordingOptions } from "../src/backend.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function start(options: RecordingOptions = {}, backend: Partial<MetricsBackend> = {}) {
  const lines: string[] = [];
  const suppressed: unknown[] = [];
  const foundation = createFoundation({ service: "checkout", logger: silentLogger });
  const metrics = createMetricsOn(
    {
      onLine: (line) => lines.push(line),
      onSuppressedTag: (tag) => suppressed.push(tag),
      ...backend,
    },
    options,
    foundation,
  );
  return { metrics, lines, suppressed, faults: () => foundation.diagnostics.counts() };
}

test("each call is one line within the call, whatever its sample rate is", () => {
  const { metrics, lines } = start({ prefix: "shop." });

  metrics.increment("c", 1, { channel: "web" }, { sampleRate: 0.001 });
  metrics.increment("c", 2, ["channel:web"]);
  metrics.set("s", "ada");
  metrics.distribution("d", 1.5);
  metrics.distribution("d", 2.5);
  metrics.event("e");
  metrics.scope({ prefix: "pay." }).serviceCheck("up", "ok");

  expect(lines).toEqual([
    "shop.c:1|c|@0.001|#service:checkout,channel:web",
    "shop.c:2|c|#service:checkout,channel:web",
    "shop.s:ada|s|#service:checkout",
    "shop.d:1.5|d|#service:checkout",
    "shop.d:2.5|d|#service:checkout",
    "_e{1,1}:e|e|#service:checkout",
    "_sc|up|0|#service:checkout",
  ]);
  expect(metrics.counts()).toEqual({
    recorded: 7,
    sent: 7,
    buffered: 0,
    dropped: {},
    datagrams: 0,
  });
});

test("tags that would make too many series are told with their metric", () => {
  const { metrics, lines, suppressed } = start({ cardinality: { maxValuesPerTag: 1 } });

  metrics.increment("c", 1, { user_id: 1, zone: "a" });
  metrics.increment("c", 1, { user_id: 2, zone: "b" });
  metrics.scope({ prefix: "pay.", tags: ["session_id:x"] });

  expect(lines.map((line) => line.split(",").slice(1))).toEqual([["zone:a"], ["zone:other"]]);
  expect(suppressed).toEqual([
    { metric: "c", key: "user_id", reason: "blocked" },
    { metric: "c", key: "user_id", reason: "blocked" },
    { metric: "c", key: "zone", reason: "too_many_values" },
    { metric: "pay.", key: "session_id", reason: "blocked" },
  ]);
});

test("timers go by the backend's clock", () => {
  let now = 0;
  const { metrics, lines } = start({}, { now: () => now });
  metrics.time("t", () => {
    now = 40;
  });
  metrics.timer("t").start()();

  expect(lines.map((line) => line.split("|")[0])).toEqual(["t:40", "t:0"]);
});

test("a backend that throws takes nothing from the next call, and what it did not take is counted", () => {
  let isBroken = true;
  const lines: string[] = [];
  const { metrics, faults } = start(
    {},
    {
      onLine(line) {
        if (isBroken) throw new Error("full");
        lines.push(line);
      },
    },
  );
  const counter = metrics.counter("c");

  counter.increment(5);
  metrics.event("e");
  isBroken = false;
  counter.increment(1);

  expect(lines).toEqual(["c:1|c|#service:checkout"]);
  expect(metrics.counts()).toMatchObject({
    recorded: 3,
    sent: 1,
    dropped: { metric_backend_failed: 2 },
  });
  expect(faults()).toEqual({ metric_backend_failed: 2 });
});

test("nothing is recorded after the close, and flush and close end", async () => {
  const { metrics, lines, faults } = start();
  await metrics.flush();
  await metrics.close();
  metrics.increment("c");

  expect(lines).toEqual([]);
  expect(faults()).toEqual({ metric_after_close: 1 });
});

test("refuses what createMetrics refuses", () => {
  expect(() => start({ prefix: "9" })).toThrow(
    expect.objectContaining({ name: "InvalidMetricNameError" }),
  );
  expect(() => start({ cardinality: { maxValuesPerTag: 0 } })).toThrow(
    expect.objectContaining({ name: "ConfigurationError" }),
  );
});
