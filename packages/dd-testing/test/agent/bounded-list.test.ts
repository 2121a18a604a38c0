import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedList } from "../../src/agent/bounded-list.ts";

describe("BoundedList", () => {
  test("keeps the newest items that fit, and every item is kept or counted", () => {
    const item = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 300, size: "max" }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 500 }),
        (sizes, maxItems, maxBytes) => {
          const list = new BoundedList<number>(maxItems, maxBytes);
          for (const [index, size] of sizes.entries()) list.push(index, size);

          const kept = list.values();
          const bytes = kept.reduce((sum, index) => sum + (sizes[index] ?? 0), 0);
          expect(kept).toEqual(sizes.map((_, index) => index).slice(sizes.length - kept.length));
          expect(kept.length + list.discarded).toBe(sizes.length);
          expect(list.size).toBe(kept.length);
          expect(kept.length).toBeLessThanOrEqual(maxItems);
          if (kept.length > 1) expect(bytes).toBeLessThanOrEqual(maxBytes);
          const next = sizes[sizes.length - kept.length - 1];
          if (next !== undefined && kept.length > 0 && kept.length < maxItems) {
            expect(bytes + next).toBeGreaterThan(maxBytes);
          }
        },
      ),
    );
  });

  test("keeps one item that is larger than the limit", () => {
    const list = new BoundedList<string>(10, 100);

    list.push("small", 1);
    list.push("huge", 1000);

    expect(list.values()).toEqual(["huge"]);
  });

  test("starts over after clear", () => {
    const list = new BoundedList<string>(1, 100);
    list.push("a", 90);
    list.push("b", 90);

    list.clear();
    list.push("c", 90);

    expect([list.values(), list.discarded]).toEqual([["c"], 0]);
  });
});
