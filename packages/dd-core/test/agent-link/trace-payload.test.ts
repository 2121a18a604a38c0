import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dropOldestTraces } from "../../src/agent-link/trace-payload.ts";
import { encode } from "./msgpack-fixture.ts";

const span = fc.dictionary(
  fc.string(),
  fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ minLength: 300, maxLength: 400 }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.array(fc.dictionary(fc.string(), fc.string())),
  ),
);
const traces = fc.array(fc.array(span, { maxLength: 5 }), { maxLength: 20 });

describe("taking the oldest traces off a payload", () => {
  test("leaves exactly the newer traces, byte for byte", () => {
    fc.assert(
      fc.property(traces, fc.boolean(), fc.nat(60), (all, wide, excess) => {
        const rest = dropOldestTraces(encode(all, wide), excess, 0);

        let gone = 0;
        let index = 0;
        for (; index < all.length && gone < excess; index += 1) gone += all[index]?.length ?? 0;
        if (index === all.length) expect(rest).toBeUndefined();
        else {
          const count = Buffer.alloc(5);
          count[0] = 0xdd;
          count.writeUInt32BE(all.length - index, 1);
          const left = all.slice(index).map((trace) => encode(trace, wide));
          expect(rest?.body.equals(Buffer.concat([count, ...left]))).toBe(true);
          expect(rest?.traces).toBe(all.length - index);
          expect(rest?.spansDropped).toBe(gone);
        }
      }),
    );
  });

  test("goes on until enough bytes are gone", () => {
    const all = [[{ text: "x".repeat(100) }], [{ text: "y".repeat(100) }], [{ text: "z" }]];

    expect(dropOldestTraces(encode(all), 0, 1)?.traces).toBe(2);
    expect(dropOldestTraces(encode(all), 0, 120)?.traces).toBe(1);
    expect(dropOldestTraces(encode(all), 0, 10_000)).toBeUndefined();
  });

  test("refuses every payload that breaks off or is none, and never throws", () => {
    const whole = encode([[{ name: "one", list: [1, 2.5, "text"] }], [{ name: "two" }]]);
    for (let end = 0; end < whole.length - 14; end += 1) {
      expect(dropOldestTraces(whole.subarray(0, end), 1, 0)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(10), (bytes, excess) => {
        dropOldestTraces(Buffer.from(bytes), excess, 0);
      }),
    );
  });

  test("takes nesting of any depth without a stack", () => {
    const deep = Buffer.concat([
      Buffer.from([0x92, 0x91]),
      Buffer.alloc(1_000_000, 0x91),
      Buffer.from([0xc0, 0x91, 0x80]),
    ]);

    expect(dropOldestTraces(deep, 1, 0)).toMatchObject({ traces: 1, spansDropped: 1 });
  });
});
