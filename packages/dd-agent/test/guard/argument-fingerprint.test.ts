import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argumentFingerprint } from "../../src/guard/argument-fingerprint.ts";

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reordered(inner)]));
}

describe("a fingerprint of arguments", () => {
  test("is the same for the same values in another order of keys", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(argumentFingerprint(reordered(value))).toBe(argumentFingerprint(value));
      }),
    );
  });

  test("differs for values that differ", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (left, right) => {
        // Minus zero is written as zero.
        fc.pre(JSON.stringify(reordered(left)) !== JSON.stringify(reordered(right)));
        fc.pre(JSON.stringify(left) !== JSON.stringify(reordered(right)));
        fc.pre(JSON.stringify(sorted(left)) !== JSON.stringify(sorted(right)));
        expect(argumentFingerprint(left)).not.toBe(argumentFingerprint(right));
      }),
    );
  });

  test.each([
    [
      ["ab", "c"],
      ["a", "bc"],
    ],
    [["1"], [1]],
    [null, "null"],
    [[[1], 2], [[1, 2]]],
    [{ a: 1 }, ["a", 1]],
    [new Date(1), new Date(2)],
  ])("tells %o from %o", (left, right) => {
    expect(argumentFingerprint(left)).not.toBe(argumentFingerprint(right));
  });

  test.each<[string, unknown]>([
    ["a long text", "x".repeat(70_000)],
    ["many values", Array.from({ length: 600 }, (_, index) => index)],
    ["a map", new Map()],
    [
      "a getter that throws",
      {
        get a() {
          throw new Error("no");
        },
      },
    ],
  ])("does not exist for %s", (_title, value) => {
    expect(argumentFingerprint(value)).toBeUndefined();
  });

  test("does not show the arguments", () => {
    expect(argumentFingerprint("hunter2")).not.toContain("hunter2");
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
