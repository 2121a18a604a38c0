import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  contextFromHex,
  createPropagator,
  type HexContext,
  hexToDecimal,
  type PropagationStyle,
  type SpanContext,
} from "../src/index.ts";

const styles = ["datadog", "tracecontext", "b3multi", "b3", "baggage"] as const;
const traceIdHex = "640cfd8d00000000abcdefab12345678";
const spanIdHex = "00000000075bcd15";

const hexDigits = (count: number) =>
  fc.oneof(
    fc.stringMatching(new RegExp(`^[0-9a-f]{${count}}$`)),
    fc.constantFrom("0".repeat(count), "f".repeat(count), "1".padStart(count, "0")),
  );
const texts = fc.dictionary(
  fc.oneof(fc.constantFrom("_dd.p.dm", "_dd.p.tid", "_dd.p.ksr", "team"), fc.string()),
  fc.string(),
);
const anyContext: fc.Arbitrary<HexContext> = fc.record(
  {
    traceIdHex: hexDigits(32),
    spanIdHex: hexDigits(16),
    parentId: fc.constantFrom("0", "42"),
    samplingPriority: fc.constantFrom(-1, 0, 1, 2),
    samplingRate: fc.double({ min: 0, max: 1, noNaN: true }),
    origin: fc.string(),
    tags: texts,
    baggage: texts,
    links: fc.constant([]),
    traceState: fc.constantFrom([["vendor", "1"]] as const, [["ot", "th:8"]] as const, [] as const),
    randomTraceId: fc.boolean(),
    isRemote: fc.boolean(),
  },
  { requiredKeys: ["traceIdHex", "spanIdHex"] },
);

/** The same as an object of a caller's own, which is looked at before it is written. */
function plainContext({ spanIdHex: spanId, ...rest }: HexContext): SpanContext {
  const decimalOf = (hex: string) => hexToDecimal(hex) ?? "";
  return { ...rest, traceId: decimalOf(rest.traceIdHex.slice(16)), spanId: decimalOf(spanId) };
}

function headersOf(context: SpanContext, inject: readonly PropagationStyle[]): object {
  const faults: string[] = [];
  const propagator = createPropagator({ inject, onError: ({ message }) => faults.push(message) });
  return { headers: propagator.inject(context, {}), faults };
}

describe("a context of ids in hexadecimal", () => {
  test("is the context that a caller would put together, and is written as that is", () => {
    fc.assert(
      fc.property(anyContext, fc.subarray([...styles]), (given, inject) => {
        const context = contextFromHex(given);
        fc.pre(context !== undefined);
        expect({ ...context }).toEqual(plainContext(given));
        expect(headersOf(context, inject)).toEqual(headersOf(plainContext(given), inject));
      }),
      { numRuns: 500 },
    );
  });

  test("is written again as before, and by each propagator in the formats of its own", () => {
    const context = contextFromHex({ traceIdHex, spanIdHex, samplingPriority: 1 }) as SpanContext;
    const datadog = createPropagator({ inject: ["datadog"] });
    const b3 = createPropagator({ inject: ["b3"] });
    const written = [datadog, datadog, b3, datadog, b3].map((propagator) =>
      Object.keys(propagator.inject(context, {})),
    );
    const names = [
      "x-datadog-trace-id",
      "x-datadog-parent-id",
      "x-datadog-sampling-priority",
      "x-datadog-tags",
    ];
    expect(written).toEqual([names, names, ["b3"], names, ["b3"]]);
  });

  test("counts what cannot be written each time", () => {
    const origin = "x".repeat(10_000);
    const context = contextFromHex({ traceIdHex, spanIdHex, origin }) as SpanContext;
    const propagator = createPropagator({ inject: ["datadog"] });
    propagator.inject(context, {});
    propagator.inject(context, {});
    expect(propagator.faults()).toEqual({ "x-datadog-origin:too_long": 2 });
  });

  test("can no longer change, also by what it was made of, which stays as it is", () => {
    const given = { traceIdHex, spanIdHex, tags: { a: "1" }, baggage: { b: "2" }, links: [] };
    const context = contextFromHex(given) as SpanContext;
    given.tags.a = "changed";
    given.baggage.b = "changed";

    expect(context).toMatchObject({ tags: { a: "1" }, baggage: { b: "2" } });
    const parts = [context, context.tags, context.baggage, context.links];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
    expect(Object.isFrozen(given.tags)).toBe(false);
  });

  test("has its ids in lower case", () => {
    const context = contextFromHex({
      traceIdHex: traceIdHex.toUpperCase(),
      spanIdHex: "ABCDEFABCDEFABCD",
    }) as SpanContext;
    expect(context).toMatchObject({ traceIdHex, spanId: "12379814471884843981" });
    expect(headersOf(context, ["b3"])).toMatchObject({
      headers: { b3: `${traceIdHex}-abcdefabcdefabcd` },
    });
  });

  test("has no sampling priority where that is no integer", () => {
    const context = contextFromHex({ traceIdHex, spanIdHex, samplingPriority: Number.NaN });
    expect(context).not.toHaveProperty("samplingPriority");
  });

  test.each([
    ["a trace id of 16 digits", { traceIdHex: spanIdHex, spanIdHex }],
    ["no trace", { traceIdHex: "0".repeat(32), spanIdHex }],
    ["a span id in decimal", { traceIdHex, spanIdHex: "123456789" }],
    ["a span id with something behind it", { traceIdHex, spanIdHex: `${spanIdHex}\n` }],
    ["no span id", { traceIdHex }],
    ["ids that are no text", { traceIdHex: [traceIdHex], spanIdHex: [spanIdHex] }],
  ])("is none of %s", (_, given) => {
    expect(contextFromHex(given as HexContext)).toBeUndefined();
  });

  test("is typed as one that may be missing", () => {
    expectTypeOf(contextFromHex).returns.toEqualTypeOf<SpanContext | undefined>();
  });
});
