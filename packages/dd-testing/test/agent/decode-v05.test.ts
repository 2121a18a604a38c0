import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeTracesV05 } from "../../src/agent/traces/decode-v05.ts";
import { receiveTraces } from "../../src/agent/traces/receive-traces.ts";
import { TracePayloadError } from "../../src/agent/traces/trace-payload-error.ts";
import { msgpack, v05Payload } from "../support/trace-payload.ts";

const strings = ["", "shop", "web.request", "GET /", "web", "env", "test", "weight"];

function spanFields(changes: Record<number, unknown> = {}): unknown[] {
  const fields: unknown[] = [
    1,
    2,
    3,
    18_446_744_073_709_551_615n,
    9_007_199_254_740_993n,
    0,
    1_795_226_732_877_010_177n,
    2_000_000,
    1,
    new Map([[5, 6]]),
    new Map([[7, 0.5]]),
    4,
  ];
  for (const [index, value] of Object.entries(changes)) fields[Number(index)] = value;
  return fields;
}

/** The encoder writes no maps with integer keys, so they are written by hand. */
function payload(changes: Record<number, unknown> = {}): Uint8Array {
  const span = spanFields(changes).map((field) => {
    if (!(field instanceof Map)) return Buffer.from(msgpack(field));
    const entries = [...field].flatMap(([key, value]) => [msgpack(key), msgpack(value)]);
    return Buffer.concat([Buffer.of(0x80 + field.size), ...entries]);
  });
  return Buffer.concat([
    Buffer.of(0x92),
    msgpack(strings),
    Buffer.of(0x91, 0x91, 0x90 + span.length),
    ...span,
  ]);
}

describe("a v0.5 payload", () => {
  test("becomes the same spans as v0.4", () => {
    const { spans } = receiveTraces(decodeTracesV05(payload()));

    expect(spans.map(({ span }) => span)).toEqual([
      {
        traceId: "18446744073709551615",
        traceIdHex: "0000000000000000ffffffffffffffff",
        spanId: "9007199254740993",
        parentId: "0",
        name: "web.request",
        service: "shop",
        resource: "GET /",
        type: "web",
        start: 1_795_226_732_877_010_177n,
        durationMs: 2,
        error: 1,
        meta: { env: "test" },
        metrics: { weight: 0.5 },
      },
    ]);
  });

  test("knows the size of each span in it", () => {
    const [[span] = []] = decodeTracesV05(payload());
    const head = payload().length - 1 - msgpack(strings).length - 3;

    expect(span?.bytes).toBe(head + 1);
  });

  test("may hold no traces", () => {
    expect(decodeTracesV05(msgpack([[], []]))).toEqual([]);
  });

  test.each<[string, Uint8Array, string]>([
    ["an index outside the table", payload({ 2: 99 }), "string index 99 is outside the table of 8"],
    ["a negative index", payload({ 2: -1 }), "string index -1 is outside"],
    ["a tag index outside the table", payload({ 9: new Map([[5, 8]]) }), "string index 8"],
    ["a string metric", payload({ 10: new Map([[7, "x"]]) }), "expected number, found string"],
    ["a float id", payload({ 3: 1.5 }), "expected integer, found float"],
    ["a float start", payload({ 6: 1.5 }), "expected integer, found float"],
    [
      "eleven fields",
      v05Payload(strings, spanFields().slice(0, 11).map(Number)),
      "expected 12 fields",
    ],
    ["one part", msgpack([[]]), "expected [strings, traces], found 1"],
    ["a number in the table", v05Payload([1], []), "expected string, found integer"],
    ["bytes after the end", Buffer.concat([payload(), Buffer.of(0)]), "1 bytes after the end"],
  ])("is refused whole for %s", (_name, body, reason) => {
    expect(() => decodeTracesV05(body)).toThrow(TracePayloadError);
    expect(() => decodeTracesV05(body)).toThrow(reason);
  });

  test("is refused with the place of the fault", () => {
    const body = msgpack([[""], [[], [[]]]]);

    expect(() => decodeTracesV05(body)).toThrow("traces[1][0]: expected 12 fields, found 0");
  });

  test("is refused at every length short of its own", () => {
    const body = payload();

    for (let length = 0; length < body.length; length += 1) {
      expect(() => decodeTracesV05(body.subarray(0, length))).toThrow(TracePayloadError);
    }
  });

  test("fails only with TracePayloadError, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          decodeTracesV05(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(TracePayloadError);
        }
      }),
    );
  });
});
