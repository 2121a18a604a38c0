import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeTracesV1 } from "../../src/agent/traces/decode-v1.ts";
import { decodeTracesV07 } from "../../src/agent/traces/decode-v07.ts";
import { TracePayloadError } from "../../src/agent/traces/trace-payload-error.ts";
import { msgpack, numberedMsgpack, putTraces, wireSpan } from "../support/trace-payload.ts";
import { withAgent } from "../support/with-agent.ts";

const v07 = {
  language_name: "nodejs",
  env: "staging",
  app_version: "1.2",
  tags: { "payload.tag": "x" },
  chunks: [
    {
      priority: 2,
      origin: "rum",
      tags: { "_dd.p.dm": "-4", "_dd.p.tid": "0123456789abcdef" },
      dropped_trace: false,
      spans: [
        wireSpan({ metrics: undefined, meta: { env: "test" } }),
        wireSpan({
          span_id: 2n,
          parent_id: 18_446_744_073_709_551_615n,
          meta: undefined,
          metrics: undefined,
        }),
      ],
    },
  ],
};

/** A map whose keys are numbers. */
function numbered(fields: Record<number, unknown>): Map<number, unknown> {
  return new Map(Object.entries(fields).map(([key, value]) => [Number(key), value]));
}

const idBytes = Buffer.from("0123456789abcdef00000000000000ff", "hex");
const v1 = numbered({
  2: "container",
  3: "nodejs",
  7: "staging",
  9: "1.2",
  10: ["payload", 1, "attribute"],
  11: [
    numbered({
      1: 2,
      2: "rum",
      3: ["chunk", 1, "tag"],
      4: [
        numbered({
          1: "shop", // text 8 of the table
          2: "web.request",
          3: "GET /",
          4: 161n,
          5: 0n,
          6: 1_700_000_000_000_000_005n,
          7: 2_500_000n,
          8: true,
          9: [
            "http.route",
            1,
            "/",
            "retries",
            4,
            2,
            "share",
            3,
            0.5,
            "ok",
            2,
            true,
            "list",
            6,
            [1, "a", 4, 1],
            "raw",
            5,
            Buffer.from("hi"),
          ],
          10: "web",
          11: [numbered({ 1: idBytes, 2: 177n, 3: ["why", 1, "retry"], 4: "dd=s:1", 5: 1 })],
          12: [numbered({ 1: 1_700_000_000_000_000_007n, 2: "cache.miss", 3: ["key", 1, "k"] })],
          13: "test",
          16: 2,
        }),
        numbered({ 1: 9, 2: 9, 3: 0, 4: 162n, 5: 161n }),
      ],
      6: idBytes,
      7: 4,
    }),
  ],
});

describe("v0.7", () => {
  test("brings the spans, with what chunk and payload say about them", async () => {
    const agent = await withAgent();

    const answer = await putTraces(agent.url, msgpack(v07), "/v0.7/traces");

    expect(await answer.json()).toHaveProperty("rate_by_service");
    const [first, second] = agent.spans();
    expect(first).toMatchObject({
      traceIdHex: expect.stringMatching(/^0123456789abcdef/),
      meta: { env: "test", version: "1.2", "_dd.origin": "rum", "_dd.p.dm": "-4" },
      metrics: { _sampling_priority_v1: 2 },
    });
    expect(second?.meta).toEqual({ env: "staging", version: "1.2", "_dd.origin": "rum" });
    expect(second?.metrics).toEqual({});
    expect(agent.checkFailures()).toEqual([]);
  });

  test.each([
    ["a list", []],
    ["chunks that are none", { chunks: {} }],
    ["a chunk that is none", { chunks: [[]] }],
    ["spans that are none", { chunks: [{ spans: {} }] }],
    ["a priority in words", { chunks: [{ priority: "high" }] }],
  ])("refuses %s", (_what, payload) => {
    expect(() => decodeTracesV07(msgpack(payload))).toThrow(TracePayloadError);
  });

  test("names the place of what is wrong", () => {
    const payload = {
      chunks: [v07.chunks[0], { spans: [wireSpan(), wireSpan({ meta: { a: 1 } })] }],
    };

    expect(() => decodeTracesV07(msgpack(payload))).toThrow(
      /^traces\[1\]\[1\]\.meta\.a: expected string/,
    );
  });
});

describe("v1.0", () => {
  test("brings the same as v0.4 would: ids, texts named by number, typed attributes", async () => {
    const agent = await withAgent();

    const answer = await putTraces(agent.url, numberedMsgpack(v1), "/v1.0/traces");

    expect(answer.status).toBe(200);
    expect(agent.rejections()).toEqual([]);
    const [first, second] = agent.spans();
    expect(first).toEqual({
      traceId: "255",
      traceIdHex: "0123456789abcdef00000000000000ff",
      spanId: "161",
      parentId: "0",
      name: "web.request",
      service: "shop",
      resource: "GET /",
      type: "web",
      start: 1_700_000_000_000_000_005n,
      durationMs: 2.5,
      error: 1,
      meta: {
        "_dd.origin": "rum",
        "_dd.p.dm": "-4",
        "_dd.p.tid": "0123456789abcdef",
        chunk: "tag",
        env: "test",
        version: "1.2",
        "http.route": "/",
        list: '["a",1]',
        raw: "aGk=",
        "span.kind": "server",
      },
      metrics: { _sampling_priority_v1: 2, retries: 2, share: 0.5, ok: 1 },
      spanLinks: [
        {
          traceId: "255",
          traceIdHex: "0123456789abcdef00000000000000ff",
          spanId: "177",
          attributes: { why: "retry" },
          tracestate: "dd=s:1",
          flags: 1,
        },
      ],
      spanEvents: [
        { name: "cache.miss", timeUnixNano: 1_700_000_000_000_000_007n, attributes: { key: "k" } },
      ],
    });
    expect(second).toMatchObject({ parentId: "161", resource: "", meta: { env: "staging" } });
    expect(second?.service).toBe(second?.name);
    expect(second?.service).not.toBe("");
  });

  test.each([
    ["a table of texts", numbered({ 1: ["a"] })],
    ["a text outside of the table", numbered({ 7: 3 })],
    ["attributes that are no triples", numbered({ 11: [numbered({ 3: ["a", 1] })] })],
    ["an attribute of an unknown type", numbered({ 11: [numbered({ 3: ["a", 9, 1] })] })],
    ["a short trace id", numbered({ 11: [numbered({ 6: Buffer.alloc(8) })] })],
    ["an unknown span kind", numbered({ 11: [numbered({ 4: [numbered({ 16: 6 })] })] })],
    ["a link without ids", numbered({ 11: [numbered({ 4: [numbered({ 11: [numbered({})] })] })] })],
    [
      "an event without a time",
      numbered({ 11: [numbered({ 4: [numbered({ 12: [numbered({})] })] })] }),
    ],
    ["texts for keys", new Map([["chunks", []]])],
  ])("refuses %s", (_what, payload) => {
    expect(() => decodeTracesV1(numberedMsgpack(payload))).toThrow(TracePayloadError);
  });

  test("refuses a chunk without a trace id as a whole", async () => {
    const agent = await withAgent();

    const payload = numbered({ 11: [numbered({ 4: [numbered({ 2: "a", 4: 1n })] })] });
    const answer = await putTraces(agent.url, numberedMsgpack(payload), "/v1.0/traces");

    expect(answer.status).toBe(400);
    expect(agent.rejections()[0]?.reason).toContain("trace_id is missing");
  });
});

test.each([
  ["v0.7", decodeTracesV07, msgpack(v07)],
  ["v1.0", decodeTracesV1, numberedMsgpack(v1)],
] as const)(
  "damaged %s payloads are refused or read, and never break the decoder",
  (_name, decode, whole) => {
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.uint8Array({ maxLength: 8 }),
        fc.boolean(),
        (at, bytes, cut) => {
          const damaged = Buffer.from(whole);
          damaged.set(bytes.subarray(0, whole.length - at), at);
          try {
            decode(cut ? damaged.subarray(0, at) : damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(TracePayloadError);
          }
        },
      ),
      { numRuns: 500 },
    );
  },
);
