import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createPropagator,
  createRootContext,
  type Propagator,
  type PropagatorOptions,
} from "../src/index.ts";

const only = (options: PropagatorOptions = {}): Propagator =>
  createPropagator({ extract: ["baggage"], inject: ["baggage"], env: {}, ...options });

const read = (header: string): Readonly<Record<string, string>> | undefined =>
  only().extract({ baggage: header })?.baggage;

const write = (baggage: Record<string, string>): string | undefined =>
  (only().inject(createRootContext({ baggage }), {}) as Record<string, string>)["baggage"];

describe("a baggage header", () => {
  test.each([
    ["a=1", { a: "1" }],
    [" a = 1 ,\tb\t=2", { a: "1", b: "2" }],
    ["a=1,,b=2,", { a: "1", b: "2" }],
    ["a=1;property=x;flag, b=2 ;p", { a: "1", b: "2" }],
    ["a=%C3%A9%2C", { a: "é," }],
    ["a=100%", { a: "100%" }],
    ["a=%zz", { a: "%zz" }],
    ["a=%C3%28", { a: "\ufffd(" }],
    ["a=%EF%BB%BFx", { a: "\ufeffx" }],
    ["a=b=c", { a: "b=c" }],
    ["a=1,a=2", { a: "2" }],
    ["__proto__=1", JSON.parse('{"__proto__":"1"}')],
  ])("%j is read", (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  test.each(["=1", "a=1,b", "a=1,b=", "a=1,b c=2", "a=1,é=2", "a=1,=", ";a=1"])(
    "%j is dropped as a whole",
    (header) => {
      const propagator = only();

      expect(propagator.extract({ baggage: header })).toBeNull();
      expect(propagator.faults()).toEqual({ "baggage:malformed": 1 });
    },
  );

  test.each(["", " ", ",", " , ,"])("%j holds nothing, and that is no fault", (header) => {
    const propagator = only();

    expect(propagator.extract({ baggage: header })).toBeNull();
    expect(propagator.faults()).toEqual({});
  });

  test("does not change any prototype", () => {
    const baggage = read("__proto__=1,constructor=2");

    expect(Object.getPrototypeOf(baggage)).toBe(Object.prototype);
    expect(Object.keys(baggage ?? {})).toEqual(["__proto__", "constructor"]);
  });

  test("is read up to 64 items and 8192 bytes, each with its comma", () => {
    const items = Array.from({ length: 65 }, (_, index) => `k${index}=v`).join(",");
    const exact = `a=${"x".repeat(8_189)}`;

    expect(Object.keys(read(items) ?? {})).toHaveLength(64);
    expect(read(exact)).toEqual({ a: "x".repeat(8_189) });
    expect(read(`${exact}x`)).toBeUndefined();
    expect(read(`a=1,b=${"x".repeat(1_000_000)}`)).toEqual({ a: "1" });
  });

  test("says which limit it exceeds, read or written", () => {
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`k${index}`, "v"]));
    const faultsOf = (baggage: Record<string, string>): unknown => {
      const propagator = only();
      const header = Object.entries(baggage).map(([key, value]) => `${key}=${value}`);
      propagator.inject(createRootContext({ baggage }), {});
      propagator.extract({ baggage: header.join(",") });
      return propagator.faults();
    };

    expect(faultsOf(many)).toEqual({ "baggage:too_many": 2 });
    expect(faultsOf({ a: "x".repeat(9_000) })).toEqual({ "baggage:too_long": 2 });
  });

  test("is written up to 64 items and 8192 bytes, each with its comma", () => {
    const items = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`k${index}`, "v"]));

    expect(write(items)?.split(",")).toHaveLength(64);
    expect(write({ a: "x".repeat(8_189) })).toHaveLength(8_191);
    expect(write({ a: "x".repeat(8_190) })).toBeUndefined();
    expect(write({ a: "x".repeat(4_093), b: "x".repeat(4_093) })).toHaveLength(8_191);
    expect(write({ a: "x".repeat(4_093), b: "x".repeat(4_094), c: "1" })).toHaveLength(4_095);
  });

  test("counts limits in characters after encoding", () => {
    expect(write({ a: "é".repeat(1_364) })).toHaveLength(8_186);
    expect(write({ a: "é".repeat(1_366) })).toBeUndefined();
  });

  test("is written without keys that are no tokens and without empty values", () => {
    const propagator = only();
    const baggage = { "a b": "1", "": "2", c: "", é: "3", ok: "4" };

    expect(propagator.inject(createRootContext({ baggage }), {})).toEqual({ baggage: "ok=4" });
    expect(propagator.faults()).toEqual({ "baggage:malformed": 4 });
  });

  test("is written with lone surrogates replaced", () => {
    expect(write({ a: "x\ud800y" })).toBe("a=x%EF%BF%BDy");
  });

  test("reads what was written, for all tokens and all well-formed text", () => {
    const key = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,20}$/);
    const value = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 20, minKeys: 1 }), (baggage) => {
        expect(read(write({ ...baggage }) ?? "")).toEqual(baggage);
      }),
    );
  });
});

describe("limits", () => {
  test("are configurable", () => {
    const propagator = only({ baggage: { maximumItems: 1, maximumBytes: 4 } });

    expect(propagator.extract({ baggage: "a=1,b=2" })?.baggage).toEqual({ a: "1" });
    expect(propagator.extract({ baggage: "a=12" })).toBeNull();
    expect(propagator.inject(createRootContext({ baggage: { a: "1", b: "2" } }), {})).toEqual({
      baggage: "a=1",
    });
  });
});

describe("span tags", () => {
  const header = { baggage: "user.id=1,session.id=2,account.id=3,other=4" };

  test("are made of the three usual keys", () => {
    expect(only().extract(header)?.tags).toEqual({
      "baggage.user.id": "1",
      "baggage.session.id": "2",
      "baggage.account.id": "3",
    });
  });

  test("are made of the keys that are configured, or of all, or of none", () => {
    const tags = (tagKeys: readonly string[]): unknown =>
      only({ baggage: { tagKeys } }).extract(header)?.tags;

    expect(tags(["other"])).toEqual({ "baggage.other": "4" });
    expect(Object.keys(tags(["*"]) ?? {})).toHaveLength(4);
    expect(tags([])).toBeUndefined();
  });
});
