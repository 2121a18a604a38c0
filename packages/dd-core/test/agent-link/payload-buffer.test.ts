import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { untried } from "../../src/agent-link/delivery-history.ts";
import type { QueuedPayload } from "../../src/agent-link/payload.ts";
import { PayloadBuffer } from "../../src/agent-link/payload-buffer.ts";
import { encode } from "./msgpack-fixture.ts";

/** A payload of one-span traces that are numbered. */
function payloadOf(
  sequence: number,
  numbers: readonly number[],
  path = "/v0.4/traces",
): QueuedPayload {
  return {
    kind: "traces",
    sequence,
    history: untried,
    items: numbers.length,
    body: encode(numbers.map((number) => [{ number }])),
    route: { url: "http://agent:8126", path, method: "PUT", headers: {}, agentless: false },
  };
}

function bufferOf(maxSpans: number, maxBytes = Number.MAX_SAFE_INTEGER) {
  const dropped: number[] = [];
  const buffer = new PayloadBuffer({ maxSpans, maxBytes }, (_payload, items) => {
    dropped.push(items);
  });
  return { buffer, dropped };
}

describe("the buffer", () => {
  test("hands payloads out oldest first, also one that came back", () => {
    const { buffer } = bufferOf(100);
    for (const sequence of [1, 2, 3]) buffer.add(payloadOf(sequence, [sequence]));
    const first = buffer.shift();
    if (first !== undefined) buffer.add(first);

    expect(buffer.oldest()).toBe(1);
    expect([1, 2, 3].map(() => buffer.shift()?.sequence)).toEqual([1, 2, 3]);
    expect(buffer.shift()).toBeUndefined();
    expect(buffer.oldest()).toBe(Number.POSITIVE_INFINITY);
  });

  test("prefers what has been tried least, then what is oldest", () => {
    const { buffer } = bufferOf(100);
    for (const [sequence, tries] of [
      [1, 2],
      [2, 1],
      [3, 1],
      [4, 3],
    ] as const) {
      buffer.add({ ...payloadOf(sequence, [sequence]), history: { ...untried, tries } });
    }

    expect([1, 2, 3, 4, 5].map(() => buffer.next()?.sequence)).toEqual([2, 3, 1, 4, undefined]);
    expect([buffer.items, buffer.bytes]).toEqual([0, 0]);
  });

  test("lets only as many of the oldest traces go as do not fit, and corrects the count", () => {
    const { buffer, dropped } = bufferOf(4);
    buffer.add(payloadOf(1, [1, 2, 3]));
    buffer.add(payloadOf(2, [4, 5, 6]));
    buffer.trim();

    const oldest = buffer.shift();
    expect(dropped).toEqual([2]);
    expect(oldest?.route.headers["X-Datadog-Trace-Count"]).toBe("1");
    expect(oldest?.body.subarray(5).equals(encode([{ number: 3 }]))).toBe(true);
  });

  test("lets a payload of another format go as a whole", () => {
    const { buffer, dropped } = bufferOf(4);
    buffer.add(payloadOf(1, [1, 2, 3], "/v0.5/traces"));
    buffer.add(payloadOf(2, [4, 5, 6], "/v0.5/traces"));
    buffer.trim();

    expect(dropped).toEqual([3]);
    expect(buffer.items).toBe(3);
  });

  test("keeps within its limits and loses count of nothing, whatever comes and goes", () => {
    const step = fc.oneof(
      fc.record({ add: fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }) }),
      fc.constant({ shift: true }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 20, max: 500 }),
        (steps, maxSpans, maxBytes) => {
          const { buffer, dropped } = bufferOf(maxSpans, maxBytes);
          let added = 0;
          let taken = 0;
          for (const [sequence, one] of steps.entries()) {
            if ("add" in one) {
              buffer.add(payloadOf(sequence, one.add));
              added += one.add.length;
            } else taken += buffer.shift()?.items ?? 0;
            buffer.trim();
            const gone = dropped.reduce((sum, items) => sum + items, 0);
            expect(added).toBe(taken + gone + buffer.items);
            expect(buffer.items).toBeLessThanOrEqual(maxSpans);
            expect(buffer.bytes).toBeLessThanOrEqual(maxBytes);
          }
          let items = 0;
          let bytes = 0;
          for (const left of buffer.takeAll()) {
            items += left.items;
            bytes += left.body.length;
          }
          expect([buffer.items, buffer.bytes]).toEqual([0, 0]);
          expect(items).toBeLessThanOrEqual(maxSpans);
          expect(bytes).toBeLessThanOrEqual(maxBytes);
        },
      ),
    );
  });
});
