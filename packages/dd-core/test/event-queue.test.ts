import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventQueue, type QueuedEvent } from "../src/dd-trace/event-queue.ts";

const sum = (events: readonly QueuedEvent[]) =>
  events.reduce((total, { bytes }) => total + bytes, 0);

type Step =
  | { readonly push: number }
  | { readonly take: { readonly events: number; readonly bytes: number } }
  | { readonly drop: true };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 400 }) }) },
  fc.record({
    take: fc.record({ events: fc.integer({ max: 500 }), bytes: fc.integer({ max: 3_000 }) }),
  }),
  fc.record({ drop: fc.constant(true as const) }),
);

describe("a queue of events", () => {
  test("gives them back in their order, whatever is taken, and knows how many are left", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const queue = new EventQueue();
        const expected: QueuedEvent[] = [];
        let made = 0;
        for (const each of steps) {
          if ("push" in each) {
            for (let count = 0; count < each.push; count += 1) {
              made += 1;
              const event = { event: String(made), bytes: made % 37 };
              queue.push(event);
              expected.push(event);
            }
          } else if ("take" in each) {
            const taken = queue.take(each.take.events, each.take.bytes);
            expect(taken).toEqual(expected.splice(0, taken.length));
            if (taken.length > 1) {
              expect(taken.length).toBeLessThanOrEqual(each.take.events);
              expect(sum(taken)).toBeLessThanOrEqual(each.take.bytes);
            }
            expect(taken.length > 0 || expected.length === 0).toBe(true);
          } else expected.splice(0, queue.drop());
          expect(queue.length).toBe(expected.length);
          expect(queue.bytes).toBe(sum(expected));
        }
      }),
    );
  });

  test("takes as many as it may", () => {
    const queue = new EventQueue();
    for (let count = 0; count < 300; count += 1) queue.push({ event: "", bytes: 10 });

    expect(queue.take(200, 10_000)).toHaveLength(200);
    expect(queue.take(200, 500)).toHaveLength(50);
    expect(queue.take(1, 5)).toHaveLength(1);
    expect(queue.drop()).toBe(1);
    expect(queue.take(100, 10_000)).toHaveLength(48);
    expect(queue.take(1, 1)).toEqual([]);
  });

  test("drops a hundredth at a time, so that a few large events do not all go for one", () => {
    const queue = new EventQueue();
    expect(queue.drop()).toBe(0);
    for (let count = 0; count < 33; count += 1) queue.push({ event: "", bytes: 1_000_000 });
    expect(queue.drop()).toBe(1);
    for (let count = 0; count < 9_969; count += 1) queue.push({ event: "", bytes: 1 });
    expect(queue.drop()).toBe(101);
    expect(queue.length).toBe(9_900);
  });
});
