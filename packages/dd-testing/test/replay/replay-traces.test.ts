import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { decodeTracesV04 } from "../../src/agent/traces/decode-v04.ts";
import { formatCapture, parseCapture } from "../../src/capture/capture.ts";
import {
  generateLoad,
  loadCapture,
  replayTraces,
  saveCapture,
  snapshotTraces,
  startTestAgent,
  type TestAgent,
} from "../../src/index.ts";
import { encodeTraces } from "../../src/replay/encode-traces.ts";

let agent: TestAgent;
let directory: string;
beforeAll(async () => {
  agent = await startTestAgent();
  directory = await mkdtemp(join(tmpdir(), "replay-"));
});
beforeEach(() => agent.clear());
afterAll(async () => {
  await agent.stop();
  await rm(directory, { recursive: true });
});

const widest = 2n ** 64n - 1n;
const span = {
  trace_id: "@",
  span_id: 2,
  parent_id: 0,
  name: "order.load",
  service: "shop",
  resource: "orders",
  type: "web",
  start: 1_700_000_000_000_000_000,
  duration: 1_500_000,
  error: 1,
  meta: { env: "test" },
  metrics: { lines: 3 },
};
const otlp = {
  resourceSpans: [
    {
      resource: {
        attributes: [
          { key: "service.name", value: { stringValue: "shop" } },
          { key: "deployment.environment.name", value: { stringValue: "test" } },
        ],
      },
      scopeSpans: [
        {
          spans: [
            {
              traceId: "6b01112200000000ffffffffffffffff",
              spanId: "0000000000000002",
              name: "order.load",
              kind: 2,
              startTimeUnixNano: "1700000000000000000",
              endTimeUnixNano: "1700000000001500000",
              attributes: [
                { key: "lines", value: { intValue: "3" } },
                { key: "paid", value: { boolValue: true } },
              ],
              status: { code: 2, message: "gone" },
            },
          ],
        },
      ],
    },
  ],
};

describe("replayTraces", () => {
  test("reads Datadog's JSON with every digit of the ids", async () => {
    const path = join(directory, "traces.json");
    await writeFile(path, JSON.stringify([[span]]).replace('"@"', String(widest)));
    const report = await replayTraces(path, { url: agent.url, shiftToNow: false });

    expect(report).toMatchObject({ traces: 1, spans: 1, accepted: 1, refused: {} });
    expect(agent.spans()).toMatchObject([
      {
        traceId: String(widest),
        spanId: "2",
        name: "order.load",
        start: 1_700_000_000_000_000_000n,
        durationMs: 1.5,
        error: 1,
        meta: { env: "test" },
        metrics: { lines: 3 },
      },
    ]);
    expect(agent.checkFailures()).toEqual([]);
  });

  test("reads OTLP in JSON", async () => {
    await replayTraces(Buffer.from(JSON.stringify(otlp)), { url: agent.url, shiftToNow: false });

    expect(agent.spans()).toMatchObject([
      {
        traceIdHex: "6b01112200000000ffffffffffffffff",
        service: "shop",
        resource: "order.load",
        durationMs: 1.5,
        error: 1,
        meta: { env: "test", paid: "true", "span.kind": "server", "error.message": "gone" },
        metrics: { lines: 3 },
      },
    ]);
  });

  test("sends a recording again as it was, from its file and from the agent's own spans", async () => {
    await generateLoad({ url: agent.url, tracesPerSecond: 100, durationMs: 50 });
    const original = agent.spans();
    const path = join(directory, "load.jsonl");
    await saveCapture(agent, path);
    agent.clear();
    await replayTraces(path, { url: agent.url, shiftToNow: false });
    const byId = (spans: typeof original) => new Map(spans.map((one) => [one.spanId, one]));

    expect(original.length).toBeGreaterThan(0);
    expect(byId(agent.spans())).toEqual(byId(original));
    expect((await loadCapture(path)).spans).toEqual(original);
    agent.clear();
    await replayTraces(original, { url: agent.url, shiftToNow: false });
    expect(byId(agent.spans())).toEqual(byId(original));
  });

  test("moves the times to now, and keeps their distances", async () => {
    const two = [
      [{ ...span, trace_id: "1", start: "1000000000" }],
      [{ ...span, trace_id: "2", start: "3000000000" }],
    ];
    const before = Date.now();
    await replayTraces(Buffer.from(JSON.stringify(two)), { url: agent.url });

    const [first, second] = agent.spans().sort((a, b) => Number(a.start - b.start));
    expect(Number(first?.start) / 1e6).toBeGreaterThanOrEqual(before - 1);
    expect((second?.start ?? 0n) - (first?.start ?? 0n)).toBe(2_000_000_000n);
  });

  test("waits as long as the original did, divided by the speed", async () => {
    const two = [
      [{ ...span, trace_id: "1", start: "1000000000" }],
      [{ ...span, trace_id: "2", start: "3000000000" }],
    ];
    const { durationMs } = await replayTraces(Buffer.from(JSON.stringify(two)), {
      url: agent.url,
      speed: 20,
    });

    expect(durationMs).toBeGreaterThan(95);
    expect(agent.requests().filter(({ path }) => path === "/v0.4/traces")).toHaveLength(2);
  });

  test("counts what the Agent refuses and what nobody answers", async () => {
    await agent.fail(503);
    const refused = await replayTraces([], { url: agent.url });
    const body = Buffer.from(JSON.stringify([[{ ...span, trace_id: "1" }]]));
    const unavailable = await replayTraces(body, { url: agent.url });
    await agent.fail(null);
    const nobody = await replayTraces(body, { url: "http://127.0.0.1:1" });

    expect(refused).toMatchObject({ traces: 0, refused: {} });
    expect(unavailable.refused).toEqual({ 503: 1 });
    expect(nobody).toMatchObject({ accepted: 0 });
    expect(Object.values(nobody.refused)).toEqual([1]);
  });

  test("refuses what is no fixture, and bad options", async () => {
    for (const text of [
      "hello",
      "{}",
      '[{"name":1}]',
      '[[{"trace_id":1.5}]]',
      '{"format":"llmdevops-capture"}\nx',
    ]) {
      await expect(replayTraces(Buffer.from(text), { url: agent.url }), text).rejects.toThrow();
    }
    await expect(replayTraces("/does/not/exist")).rejects.toThrow("ENOENT");
    await expect(replayTraces([], { speed: 0 })).rejects.toThrow(RangeError);
    await expect(replayTraces([], { url: "nowhere" })).rejects.toThrow(TypeError);
  });
});

test("every payload that is written is read back as it was", () => {
  const id = fc.bigInt({ min: 1n, max: widest });
  const outgoing = fc.record({
    traceId: id,
    spanId: id,
    parentId: id,
    name: fc.string({ unit: "grapheme" }),
    service: fc.string(),
    resource: fc.string({ maxLength: 6_000 }),
    type: fc.string(),
    start: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    duration: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    error: fc.constantFrom(0 as const, 1 as const),
    meta: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
    metrics: fc.dictionary(fc.string(), fc.double({ noNaN: true }), { noNullPrototype: true }),
  });
  fc.assert(
    fc.property(
      fc.array(fc.array(outgoing, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      (traces) => {
        const read = decodeTracesV04(encodeTraces(traces)).map((trace) =>
          trace.map((one) => ({
            ...one,
            meta: Object.fromEntries(one.meta),
            metrics: Object.fromEntries(one.metrics),
            error: Number(one.error),
          })),
        );
        expect(read).toMatchObject(traces);
      },
    ),
  );
});

describe("OTLP at the Agent", () => {
  const send = (body: string, type = "application/json") =>
    fetch(`${agent.url}/v1/traces`, { method: "POST", headers: { "content-type": type }, body });

  test("is taken in JSON", async () => {
    expect((await send(JSON.stringify(otlp))).status).toBe(200);
    expect(agent.spans()).toMatchObject([{ name: "order.load", service: "shop" }]);
  });

  test("is refused in other forms and with bad ids, with a reason", async () => {
    const bad = JSON.stringify(otlp).replace("0000000000000002", "2");
    for (const [body, type] of [
      ["x", "application/json"],
      ["[]", "application/json"],
      [bad, "application/json"],
      ["\u0001", "application/x-protobuf"],
    ] as const) {
      expect((await send(body, type)).status, body).toBe(400);
    }
    expect(agent.spans()).toEqual([]);
    expect(agent.rejections()).toHaveLength(4);
  });
});

describe("captures", () => {
  test("say which line is broken", () => {
    const head = formatCapture({
      spans: [],
      metrics: [],
      events: [],
      serviceChecks: [],
      llmobsSpans: [],
      evaluations: [],
      otlpMetrics: [],
      logs: [],
    });
    expect(() => parseCapture("{}")).toThrow(SyntaxError);
    expect(() => parseCapture(`${head}nonsense`)).toThrow("line 2 is no JSON");
    expect(() => parseCapture(`${head}{"kind":"__proto__","record":1}`)).toThrow("unknown kind");
    expect(() => parseCapture(`${head}[]`)).toThrow("line 2 has no kind");
  });

  test("a text that looks like nanoseconds stays a text", async () => {
    const capture = {
      spans: [],
      metrics: [],
      events: [],
      serviceChecks: [],
      llmobsSpans: [],
      evaluations: [],
      otlpMetrics: [],
      logs: [{ message: "12n" }],
    };
    expect(parseCapture(formatCapture(capture as never)).logs).toEqual([{ message: "12n" }]);
  });
});

test("snapshots of two runs are equal although ids and times are not", async () => {
  const snapshots = [];
  for (const seed of [7, 7]) {
    agent.clear();
    await generateLoad({ url: agent.url, tracesPerSecond: 1_000, durationMs: 2, seed });
    snapshots.push(snapshotTraces(agent.traces()[0]?.spans ?? []));
  }

  expect(snapshots[0]).toEqual(snapshots[1]);
  expect(snapshots[0]?.[0]).toMatchObject({ name: "synthetic.request", service: "synthetic-load" });
  expect(JSON.stringify(snapshots[0])).not.toMatch(/durationMs|spanId/);
});
