import { createPropagator, hexToDecimal, type SpanContext } from "@llmdevops/dd-propagation";
import tracer from "dd-trace";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { RemoteContexts } from "../src/dd-trace/remote-contexts.ts";
import { readPath } from "../src/dd-trace/untyped.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { intake } = await startRealTracing();
afterAll(() => intake.stop());

const contexts = RemoteContexts.of(tracer, false);
const propagator = createPropagator({ inject: ["datadog"], maximumTagsLength: 8_192, env: {} });

/** What dd-trace makes of the headers that stand for the context. */
function read(context: SpanContext): unknown {
  return tracer.extract("http_headers", propagator.inject(context, {} as Record<string, string>));
}

/** All that dd-trace goes on with. */
function projected(context: unknown): unknown {
  const { toTraceId, toSpanId } = context as {
    toTraceId(long: boolean): string;
    toSpanId(): string;
  };
  return {
    ids: [Reflect.apply(toTraceId, context, [true]), Reflect.apply(toSpanId, context, [])],
    sampling: readPath(context, "_sampling"),
    trace: readPath(context, "_trace"),
    isRemote: readPath(context, "_isRemote"),
    baggage: readPath(context, "_baggageItems"),
    links: readPath(context, "_links"),
    tags: readPath(context, "_tags"),
  };
}

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((digits) => digits.join(""));
const anyContext = fc
  .record({
    upper: fc.oneof(hex(16), fc.constant("0".repeat(16))),
    lower: hex(16),
    spanId: hex(16),
    samplingPriority: fc.option(fc.integer({ min: -1, max: 2 }), { nil: undefined }),
    origin: fc.option(fc.constantFrom("rum", "synthetics", "a b", "ä", ""), { nil: undefined }),
    tags: fc.dictionary(
      fc.constantFrom("_dd.p.dm", "_dd.p.usr", "_dd.p.tid", "_dd.parent_id", "_dd.p.a=b", "x"),
      fc.constantFrom("-1", "-4", "-12", "", "a,b", "text", "0123456789abcdef", "ä"),
    ),
  })
  .map(
    ({ upper, lower, spanId, samplingPriority, origin, tags }): SpanContext => ({
      traceId: hexToDecimal(lower) ?? "0",
      traceIdHex: upper + lower,
      spanId: hexToDecimal(spanId) ?? "0",
      ...(samplingPriority === undefined ? {} : { samplingPriority }),
      ...(origin === undefined ? {} : { origin }),
      tags,
    }),
  );

test("a context is made as dd-trace reads it from headers, or not at all", () => {
  let made = 0;
  fc.assert(
    fc.property(anyContext, (context) => {
      const own = contexts?.make(context);
      if (own === undefined) return;
      made += 1;
      expect(projected(own)).toEqual(projected(read(context)));
    }),
    { numRuns: 500 },
  );
  expect(made).toBeGreaterThan(10);
});

const plain: SpanContext = {
  traceId: "11",
  traceIdHex: "640cfd8d00000000000000000000000b",
  spanId: "22",
  samplingPriority: 1,
  tags: { "_dd.p.dm": "-1" },
};

test.each<[string, Partial<Record<keyof SpanContext, unknown>>]>([
  ["a trace id of which the forms disagree", { traceId: "12" }],
  ["no trace id", { traceId: "0", traceIdHex: "0".repeat(32) }],
  ["a span id of zero", { spanId: "0" }],
  ["a span id that is too large", { spanId: "18446744073709551616" }],
  ["a span id in hexadecimal", { spanId: "abc" }],
  ["a priority that is no whole number", { samplingPriority: 0.5 }],
  ["an origin with a line break", { origin: "rum\r\nx: y" }],
  ["a tag with a comma", { tags: { "_dd.p.a": "1,_dd.p.b=2" } }],
  ["a decision of an unknown form", { tags: { "_dd.p.dm": "934086a6-4" } }],
])("a context with %s is left to dd-trace", (_, change) => {
  expect(contexts?.make(plain)).toBeDefined();
  expect(contexts?.make({ ...plain, ...change } as SpanContext)).toBeUndefined();
});

test("the largest span id is taken", () => {
  const context = contexts?.make({ ...plain, spanId: "18446744073709551615" });

  expect(context?.toSpanId()).toBe("18446744073709551615");
});

test("a host's dd-trace reads contexts with a tracestate itself, so that it can pass it on", () => {
  const adopted = RemoteContexts.of(tracer, true);
  const traceState = [["other", "x"]] as const;

  expect(adopted?.make(plain)).toBeDefined();
  expect(adopted?.make({ ...plain, traceState })).toBeUndefined();
  expect(contexts?.make({ ...plain, traceState })).toBeDefined();
});

test("nothing is made where the contexts of a dd-trace look otherwise", () => {
  class Other {
    readonly _traceId = { toString: () => "1" };
    toTraceId(): string {
      return "1";
    }
    toSpanId(): string {
      return "1";
    }
  }
  const fake = (extract: () => unknown) => ({ extract }) as unknown as typeof tracer;

  expect(
    RemoteContexts.of(
      fake(() => new Other()),
      false,
    ),
  ).toBeUndefined();
  expect(
    RemoteContexts.of(
      fake(() => null),
      false,
    ),
  ).toBeUndefined();
});
