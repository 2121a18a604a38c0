import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { serialize } from "../src/index.ts";

describe("serialize", () => {
  it("writes plain values as text", () => {
    expect(serialize("text")).toBe("text");
    expect(serialize(4.5)).toBe("4.5");
    expect(serialize(true)).toBe("true");
    expect(serialize(null)).toBe("null");
    expect(serialize(undefined)).toBe("undefined");
    expect(serialize(12n)).toBe("12");
    expect(serialize(Symbol("s"))).toBe("Symbol(s)");
    expect(serialize(function named() {})).toBe("[Function: named]");
    expect(serialize(() => {})).toBe("[Function]");
  });

  it("writes what JSON knows as JSON does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        fc.pre(typeof value === "object" && value !== null);
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(serialize(value, { maxLength: 1e6 }))).toEqual(plain);
      }),
    );
  });

  it("writes what JSON does not know", () => {
    const value = {
      big: 1n,
      map: new Map<unknown, unknown>([
        ["a", 1],
        [{ k: 1 }, 2],
      ]),
      set: new Set([1]),
      date: new Date(0),
      never: new Date(Number.NaN),
      infinite: Number.POSITIVE_INFINITY,
      error: new TypeError("bad", { cause: "why" }),
      bytes: new Uint8Array(3),
      pattern: /x/g,
      gone: undefined,
      list: [undefined, () => {}],
    };

    expect(JSON.parse(serialize(value))).toEqual({
      big: "1",
      map: { a: 1, '{"k":1}': 2 },
      set: [1],
      date: "1970-01-01T00:00:00.000Z",
      never: "Invalid Date",
      infinite: "Infinity",
      error: { name: "TypeError", message: "bad", cause: "why" },
      bytes: "[Uint8Array: 3 bytes]",
      pattern: "/x/g",
      list: [null, "[Function]"],
    });
  });

  it("marks cycles, but not repeated siblings", () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { one: shared, two: shared };
    value["self"] = value;

    expect(serialize(value)).toBe('{"one":{"a":1},"two":{"a":1},"self":"[Circular]"}');
  });

  it("survives what throws", () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const value = {
      get bad(): string {
        throw new Error("no");
      },
      json: {
        toJSON: () => {
          throw new Error("no");
        },
      },
      ok: 1,
    };

    expect(serialize(value)).toBe('{"bad":"[Unreadable]","json":"[Unreadable]","ok":1}');
    expect(serialize(revoked.proxy)).toBe('"[Unreadable]"');
  });

  it("ends on iterables that do not", () => {
    const endless = new Map();
    Object.defineProperty(endless, Symbol.iterator, {
      value: function* () {
        for (;;) yield ["a", 1];
      },
    });

    expect(serialize(endless, { maxWidth: 2 })).toBe('{"a":1,"a":1}');
    expect(serialize(new Set([1, 2, 3]), { maxWidth: 2 })).toBe('[1,2,"[1 more items]"]');
    expect(serialize(new Headers({ a: "1" }))).toBe('{"a":"1"}');
  });

  it("never throws and keeps to its length", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true }),
        fc.integer({ min: 1, max: 300 }),
        (value, maxLength) => {
          expect(serialize(value, { maxLength }).length).toBeLessThanOrEqual(maxLength);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("bounds depth and width and says so", () => {
    expect(serialize({ a: { b: { c: 1 } } }, { maxDepth: 2 })).toBe(
      '{"a":{"b":"[Truncated: depth]"}}',
    );
    expect(serialize([1, 2, 3], { maxWidth: 2 })).toBe('[1,2,"[1 more items]"]');
    expect(serialize({ a: 1, b: 2, c: 3 }, { maxWidth: 1 })).toBe(
      '{"a":1,"[Truncated]":"2 more entries"}',
    );
  });

  it("stops reading when it has written enough", () => {
    let reads = 0;
    const list = Array.from({ length: 100 }, () => ({
      get text(): string {
        reads++;
        return "x".repeat(100);
      },
    }));

    serialize(list, { maxLength: 200 });

    expect(reads).toBeLessThan(10);
  });
});
