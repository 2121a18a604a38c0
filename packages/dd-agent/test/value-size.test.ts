import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimateSize } from "../src/index.ts";

function sizeAsJson(value: unknown): number {
  return JSON.stringify(value).length;
}

describe("estimateSize", () => {
  test.each<[string, unknown, number]>([
    ["text", "abc", 5],
    ["a number", -12.5, 5],
    ["a truth value", false, 5],
    ["null", null, 4],
    ["nothing", undefined, 0],
    ["a function", () => "a long source text", 0],
    ["a symbol", Symbol("abc"), 0],
    ["a big integer", 123n, 3],
    ["an object", { query: "refunds" }, 20],
    ["an array", [1, [2, 3]], 11],
    ["a set", new Set(["a", "b"]), 10],
    ["a map", new Map([["a", 1]]), 8],
    ["a date", new Date(0), 26],
    ["bytes", new Uint8Array(1_000), 1_000],
    ["a buffer of bytes", new ArrayBuffer(1_000), 1_000],
  ])("of %s", (_title, value, size) => {
    expect(estimateSize(value)).toBe(size);
  });

  test("is close to the length of the JSON text", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const slack = 2 + sizeAsJson(value) * 0.5;
        // Escapes make JSON longer than its characters.
        fc.pre(!JSON.stringify(value).includes("\\"));
        expect(Math.abs(estimateSize(value) - sizeAsJson(value))).toBeLessThanOrEqual(slack);
      }),
    );
  });

  test("of a cycle or a shared object counts it once", () => {
    const cycle: Record<string, unknown> = { name: "a" };
    cycle["self"] = cycle;

    expect(estimateSize(cycle)).toBe(estimateSize({ name: "a", self: undefined }));
    const shared = { a: 1 };
    expect(estimateSize([shared, shared])).toBe(estimateSize([shared]) + 1);
  });

  test("looks at 2,000 values at most", () => {
    const wide = Array.from({ length: 100_000 }, () => "x");
    const wideObject = Object.fromEntries(
      wide.map((value, index) => [`k${index + 10_000}`, value]),
    );
    let reads = 0;
    const endless: unknown = new Proxy([], {
      get: (target, key) => {
        if (key === "length") return Number.MAX_SAFE_INTEGER;
        if (typeof key !== "string") return Reflect.get(target, key);
        reads += 1;
        return endless;
      },
    });

    expect(estimateSize(wide)).toBe(2 + 1_999 * 4);
    expect(estimateSize(new Set(wide.map((_, index) => index + 10_000)))).toBe(2 + 1_999 * 6);
    expect(estimateSize(wideObject)).toBe(2 + 1_999 * (6 + 4 + 3));
    expect(estimateSize(endless)).toBe(2 + 1_999);
    expect(reads).toBe(2_000);
    expect(estimateSize(new Array(4_000_000_000))).toBe(2 + 1_999);
  });

  test("of an endless tree of fresh objects ends", () => {
    const grow = (): object => ({
      get left() {
        return grow();
      },
      get right() {
        return grow();
      },
    });

    expect(estimateSize(grow())).toBeLessThan(2_000 * 20);
  });

  test("leaves out a getter that throws, and keeps what stands beside it", () => {
    const value = {
      a: 1,
      get b(): number {
        throw new Error("no");
      },
      c: 3,
    };

    expect(estimateSize(value)).toBe(2 + 5 + 1 + 5 + 5 + 1);
  });

  test("of a huge integer is about its digits", () => {
    const digits = 100_000;

    const size = estimateSize(10n ** BigInt(digits));

    expect(Math.abs(size - digits)).toBeLessThan(digits * 0.001);
  });

  test("of a revoked or refusing proxy counts what could be read", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const refusing = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );

    expect(estimateSize([proxy, "ab"])).toBe(2 + 2 + 4);
    expect(estimateSize([refusing, "ab"])).toBe(2 + 2 + 4);
  });

  test("of anything at all is a whole number from 0, and changes nothing", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
          withNullPrototype: true,
        }),
        (value) => {
          const size = estimateSize(value);

          expect(Number.isSafeInteger(size)).toBe(true);
          expect(size).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
