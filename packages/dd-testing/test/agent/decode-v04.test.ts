import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeTracesV04 } from "../../src/agent/traces/decode-v04.ts";
import { receiveTraces } from "../../src/agent/traces/receive-traces.ts";
import { TracePayloadError } from "../../src/agent/traces/trace-payload-error.ts";
import { msgpack, oneSpanPayload, wireSpan } from "../support/trace-payload.ts";

function receive(body: Uint8Array) {
  return receiveTraces(decodeTracesV04(body));
}

function receiveOne(fields: Record<string, unknown> = {}) {
  return receive(oneSpanPayload(fields)).spans[0]?.span;
}

describe("a v0.4 payload", () => {
  test("becomes spans with exact ids, times and tags", () => {
    expect(receiveOne({ parent_id: 9_007_199_254_740_993n })).toEqual({
      traceId: "4627424363721247268",
      traceIdHex: "00000000000000004037e9f11097ca24",
      spanId: "18446744073709551615",
      parentId: "9007199254740993",
      name: "web.request",
      service: "shop",
      resource: "GET /",
      type: "web",
      start: 1_795_226_732_877_010_177n,
      durationMs: 1.500001,
      error: 0,
      meta: { env: "test" },
      metrics: { _sampling_priority_v1: 1 },
    });
  });

  test("keeps the 64 bits of any id", () => {
    const ids = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(ids, ids, (trace, span) => {
        const received = receiveOne({ trace_id: trace, span_id: span });
        expect([received?.traceId, received?.spanId]).toEqual([String(trace), String(span)]);
      }),
    );
  });

  test("gives every span of the chunk the upper half of the trace id", () => {
    const trace = [
      wireSpan({ meta: { "_dd.p.tid": "6b00FC6c00000000" } }),
      wireSpan({ span_id: 2, parent_id: 1 }),
    ];

    const hex = receive(msgpack([trace])).spans.map(({ span }) => span.traceIdHex);

    expect(hex).toEqual(["6b00fc6c000000004037e9f11097ca24", "6b00fc6c000000004037e9f11097ca24"]);
  });

  test("takes a malformed _dd.p.tid for absent", () => {
    expect(receiveOne({ meta: { "_dd.p.tid": "xyz" } })?.traceIdHex).toMatch(/^0{16}4037/);
  });

  test("may hold no traces, or traces without spans", () => {
    expect(receive(msgpack([]))).toEqual({ spans: [], dropped: [] });
    expect(receive(msgpack([[], []]))).toEqual({ spans: [], dropped: [] });
  });

  test("takes nil for absent in fields and tags and skips unknown fields", () => {
    const span = receiveOne({
      service: null,
      meta: { a: null, b: "c" },
      metrics: null,
      future: { deep: [1] },
    });

    expect(span).toMatchObject({ service: "", meta: { b: "c" }, metrics: {} });
  });

  test("reads native span links", () => {
    const link = {
      trace_id: 1n,
      trace_id_high: 2n,
      span_id: 3n,
      attributes: { "link.kind": "handoff" },
      tracestate: "dd=s:1",
      flags: 1,
      later: true,
    };

    expect(receiveOne({ span_links: [link] })?.spanLinks).toEqual([
      {
        traceId: "1",
        traceIdHex: "00000000000000020000000000000001",
        spanId: "3",
        attributes: { "link.kind": "handoff" },
        tracestate: "dd=s:1",
        flags: 1,
      },
    ]);
  });

  test("reads native span events with typed attributes", () => {
    const event = {
      name: "retry",
      time_unix_nano: 1_795_226_732_877_010_177n,
      attributes: {
        text: { type: 0, string_value: "x" },
        flag: { type: 1, bool_value: true },
        count: { type: 2, int_value: 3 },
        ratio: { type: 3, double_value: 0.5 },
        list: { type: 4, array_value: { values: [{ type: 2, int_value: 1 }], more: 1 } },
        odd: { type: 0, string_value: "y", unknown: 1, int_value: null },
      },
      later: 1,
    };

    expect(receiveOne({ span_events: [event] })?.spanEvents).toEqual([
      {
        name: "retry",
        timeUnixNano: 1_795_226_732_877_010_177n,
        attributes: { text: "x", flag: true, count: 3, ratio: 0.5, list: [1], odd: "y" },
      },
    ]);
  });

  test("reads meta_struct from its bytes", () => {
    const span = receiveOne({ meta_struct: { appsec: msgpack({ rules: [1, "two"] }) } });

    expect(span?.metaStruct).toEqual({ appsec: { rules: [1, "two"] } });
  });

  test("keeps a tag named __proto__ as data", () => {
    const entry = [0xa9, ...Buffer.from("__proto__"), 0xa1, 0x78];
    const span = oneSpanPayload({ meta: { aaaaaaaaa: "x" } });
    const at = Buffer.from(span).indexOf("aaaaaaaaa") - 1;
    span.set(entry, at);

    const meta = receive(span).spans[0]?.span.meta ?? {};

    expect(Object.entries(meta)).toEqual([["__proto__", "x"]]);
    expect(Object.getPrototypeOf(meta)).toBe(Object.prototype);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a string trace_id", { trace_id: "1" }, ".trace_id: expected integer, found string"],
    ["a float span_id", { span_id: 1.5 }, ".span_id: expected integer, found float"],
    ["a negative parent_id", { parent_id: -1 }, ".parent_id: expected an id, found -1"],
    ["a missing trace_id", { trace_id: undefined }, ": trace_id is missing"],
    ["a missing span_id", { span_id: undefined }, ": span_id is missing"],
    ["a missing name", { name: undefined }, ": name is missing"],
    ["a nil name", { name: null }, ": name is missing"],
    ["a numeric name", { name: 1 }, ".name: expected string, found integer"],
    ["a numeric service", { service: 1 }, ".service: expected string, found integer"],
    ["a numeric resource", { resource: 1 }, ".resource: expected string, found integer"],
    ["a numeric type", { type: 1 }, ".type: expected string, found integer"],
    ["a float start", { start: 1.5 }, ".start: expected integer, found float"],
    ["a float duration", { duration: 1.5 }, ".duration: expected integer, found float"],
    ["a boolean error", { error: true }, ".error: expected integer, found boolean"],
    ["a numeric meta value", { meta: { a: 1 } }, ".meta.a: expected string, found integer"],
    ["meta that is no map", { meta: [] }, ".meta: expected map, found array"],
    ["a string metric", { metrics: { a: "1" } }, ".metrics.a: expected number, found string"],
    ["a nil metric", { metrics: { a: null } }, ".metrics.a: expected number, found nil"],
    ["a link without span_id", { span_links: [{ trace_id: 1 }] }, "a span link has no span_id"],
    ["a link without trace_id", { span_links: [{ span_id: 1 }] }, "a span link has no trace_id"],
    [
      "a link with a string id",
      { span_links: [{ trace_id: "1", span_id: 1 }] },
      "expected integer, found string",
    ],
    [
      "a link with a numeric attribute",
      { span_links: [{ trace_id: 1, span_id: 1, attributes: { a: 1 } }] },
      "expected string, found integer",
    ],
    [
      "an event with a float time, as dd-trace 6.21.0 writes it",
      { span_events: [{ name: "e", time_unix_nano: 1.5 }] },
      "time_unix_nano: expected integer, found float 1.5",
    ],
    ["an event without time", { span_events: [{ name: "e" }] }, "no time_unix_nano"],
    ["an event without name", { span_events: [{ time_unix_nano: 1 }] }, "has no name"],
    [
      "an attribute of unknown type",
      { span_events: [event({ type: 9, string_value: "x" })] },
      "unknown type 9",
    ],
    [
      "an attribute whose value has another type",
      { span_events: [event({ type: 0, int_value: 1 })] },
      "of type 0 has no string_value",
    ],
    [
      "an array attribute of mixed types",
      { span_events: [event(arrayOf({ type: 0, string_value: "x" }, { type: 2, int_value: 1 }))] },
      "mixes types",
    ],
    [
      "an array attribute in an array",
      { span_events: [event(arrayOf(arrayOf({ type: 2, int_value: 1 })))] },
      "unknown type 4",
    ],
    ["meta_struct without bytes", { meta_struct: { a: "x" } }, "expected binary, found string"],
    [
      "meta_struct bytes that hold no map",
      { meta_struct: { a: msgpack([1]) } },
      "expected map, found array",
    ],
  ])("is refused whole for %s", (_name, fields, reason) => {
    const body = msgpack([[wireSpan()], [wireSpan(), wireSpan(fields)]]);

    expect(() => receive(body)).toThrow(TracePayloadError);
    expect(() => receive(body)).toThrow("traces[1][1]");
    expect(() => receive(body)).toThrow(reason);
  });

  test.each<[string, unknown]>([
    ["a map", { a: 1 }],
    ["nil", null],
    ["a trace that is nil", [null]],
    ["a trace that is a map", [{}]],
    ["a span that is nil", [[null]]],
    ["a span that is a string", [["x"]]],
  ])("is refused when it is or holds %s", (_name, payload) => {
    expect(() => receive(msgpack(payload))).toThrow(TracePayloadError);
  });

  test("is refused with the place of the fault, also right after a longer trace", () => {
    const body = msgpack([[wireSpan(), wireSpan(), wireSpan()], "x"]);

    expect(() => receive(body)).toThrow(/^traces\[1\]\[0\]: expected array, found string/);
  });

  test("knows the size of each span in it", () => {
    const spans = [wireSpan(), wireSpan({ meta: { a: "x".repeat(300) } })];

    const sizes = decodeTracesV04(msgpack([spans]))
      .flat()
      .map(({ bytes }) => bytes);

    expect(sizes).toEqual(spans.map((span) => msgpack(span).length));
  });

  test("is refused at every length short of its own, and with a byte too many", () => {
    const body = msgpack([[wireSpan({ meta_struct: { a: msgpack({ b: 1 }) } })]]);

    for (let length = 0; length < body.length; length += 1) {
      expect(() => receive(body.subarray(0, length))).toThrow(TracePayloadError);
    }
    expect(() => receive(Buffer.concat([body, Buffer.of(1)]))).toThrow("1 bytes after the end");
  });

  test("fails only with TracePayloadError, whatever the bytes", () => {
    const mutated = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(mutated, { maxLength: 5 }), (changes) => {
        const body = oneSpanPayload({ span_links: [{ trace_id: 1, span_id: 2 }] });
        for (const [position, byte] of changes) body[position % body.length] = byte;
        try {
          receive(body);
        } catch (error) {
          expect(error).toBeInstanceOf(TracePayloadError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function event(attribute: unknown): unknown {
  return { name: "e", time_unix_nano: 1n, attributes: { a: attribute } };
}

function arrayOf(...values: unknown[]): unknown {
  return { type: 4, array_value: { values } };
}

test("a start of more than 64 signed bits and an error of more than 32 are refused, as the Agent does", () => {
  for (const fields of [{ start: 2n ** 63n }, { error: 2n ** 31n }, { error: -(2n ** 31n) - 1n }]) {
    expect(() => decodeTracesV04(oneSpanPayload(fields))).toThrow("does not fit");
  }
  expect(
    decodeTracesV04(oneSpanPayload({ start: 2n ** 63n - 1n, error: 2n ** 31n - 1n })),
  ).toHaveLength(1);
});
