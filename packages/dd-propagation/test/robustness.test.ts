import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createChildContext,
  createPropagator,
  hasTraceId,
  type PropagationStyle,
  type SpanContext,
} from "../src/index.ts";
import { everyStyle } from "./support/full-context.ts";

const names = [...everyStyle().fields(), "x-aws-sqsd-attr-_datadog"];
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.stringMatching(/^[0-9a-fd,;=:~_.\- ]{0,120}$/),
  fc.constantFrom(
    "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-01",
    "dd=s:2;o:rum;t.dm:-4;t.tid:640cfd8d00000000,ot=rv:1234567890abcd;th:8,a=1",
    "123",
    "_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4",
    "640cfd8d00000000abcdefab12345678-000000003ade68b1-d",
  ),
);
const anyHeaders = fc.dictionary(fc.constantFrom(...names), anyText);

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((text) => !/^0*$/.test(text));
const printable = (pattern: RegExp): fc.Arbitrary<string> => fc.stringMatching(pattern);

/** Contexts within the limits of every format that carries them. */
const anyContext = fc
  .record({
    traceIdHex: hex(32),
    spanIdHex: hex(16),
    samplingPriority: fc.constantFrom(-1, 0, 1, 2),
    origin: fc.option(printable(/^[a-z][a-z .:=-]{0,18}[a-z]$/), { nil: undefined }),
    tags: fc.dictionary(
      printable(/^_dd\.p\.[a-z][a-z.]{0,8}$/).filter((key) => !/\.(tid|dm)$/.test(key)),
      printable(/^[!-+\--:<-}]{1,12}$/),
      { maxKeys: 4 },
    ),
    baggage: fc.dictionary(
      printable(/^[a-z.]{1,10}$/),
      fc.string({ minLength: 1, unit: "grapheme" }),
      {
        minKeys: 1,
        maxKeys: 5,
      },
    ),
  })
  .map(({ spanIdHex, origin, tags, ...rest }): SpanContext => {
    const upper = rest.traceIdHex.slice(0, 16);
    const tid: Record<string, string> = /^0*$/.test(upper) ? {} : { "_dd.p.tid": upper };
    return {
      ...rest,
      traceId: BigInt(`0x${rest.traceIdHex.slice(16)}`).toString(),
      spanId: BigInt(`0x${spanIdHex}`).toString(),
      tags: { ...tid, ...tags },
      ...(origin === undefined ? {} : { origin }),
      isRemote: true,
    };
  })
  .filter((context) => context.traceId !== "0");

function roundTrip(style: PropagationStyle, context: SpanContext): SpanContext | null {
  const options = { extract: [style], inject: [style], env: {} };
  const headers = createPropagator(options).inject(context, {});
  return createPropagator({ ...options, baggage: { tagKeys: [] } }).extract(headers);
}

describe("what was written is read", () => {
  test("in Datadog's format with ids, decision, origin and tags", () => {
    fc.assert(
      fc.property(anyContext, (context) => {
        const { baggage: _, ...carried } = context;

        expect(roundTrip("datadog", context)).toEqual(
          Object.keys(carried.tags ?? {}).length > 0 ? carried : { ...carried, tags: undefined },
        );
      }),
    );
  });

  test("in Trace Context with ids, decision, origin and tags", () => {
    fc.assert(
      fc.property(anyContext, (context) => {
        const { baggage: _, tags, ...carried } = context;

        const read = roundTrip("tracecontext", context);

        expect(read).toMatchObject(carried);
        expect(read?.tags ?? {}).toEqual(tags);
      }),
    );
  });

  test.each(["b3", "b3multi"] as const)("in the style %s with ids and decision", (style) => {
    fc.assert(
      fc.property(anyContext, ({ traceId, traceIdHex, spanId, samplingPriority, ...rest }) => {
        const ids = { traceId, traceIdHex, spanId };

        const read = roundTrip(style, { ...rest, ...ids, samplingPriority: samplingPriority ?? 0 });

        // B3 knows no negative decision.
        expect(read).toMatchObject({
          ...ids,
          samplingPriority: Math.max(0, samplingPriority ?? 0),
        });
      }),
    );
  });
});

describe("any text in any header", () => {
  test("never throws and gives a context that can be continued and written, or none", () => {
    const propagator = everyStyle();
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        const context = propagator.extract(headers);

        if (context !== null && hasTraceId(context)) {
          expect(context.traceIdHex).toMatch(/^[0-9a-f]{32}$/);
          expect(BigInt(context.spanId) >> 64n).toBe(0n);
        }
        const child = createChildContext(context);
        const written: Record<string, string> = propagator.inject(child, {});
        expect(() => new Headers(written)).not.toThrow();
        for (const value of Object.values(written)) expect(value).toMatch(/^[\x20-\x7e]*$/);
        expect(propagator.extract(written)?.traceIdHex).toBe(child.traceIdHex);
      }),
      { numRuns: 2_000 },
    );
  });

  test("does not change the headers that are read", () => {
    const propagator = everyStyle();
    fc.assert(
      fc.property(anyHeaders, (headers) => {
        const before = { ...headers };

        propagator.extract(Object.freeze(headers));

        expect(headers).toEqual(before);
      }),
    );
  });

  // A pattern that backtracks would take hours for these; the time limit of the test is enough to tell.
  test.each([
    "a",
    "0",
    ",",
    "=",
    ";",
    ":",
    "-",
    " ",
    "\t",
    "%",
    "a=1,",
    "dd=s:1;",
    "_dd.p.a=1,",
    "é",
    "00-",
  ])("of a megabyte made of %j is refused or cut", (unit) => {
    const propagator = everyStyle();
    const value = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const valid = {
      "x-datadog-trace-id": "1",
      "x-datadog-parent-id": "2",
      traceparent: "00-00000000000000000000000000000001-0000000000000002-01",
    };

    for (const name of names) {
      const context = propagator.extract({ ...valid, [name]: value });

      expect(JSON.stringify(context)?.length ?? 0).toBeLessThan(40_000);
    }
  });
});

describe("a hostile carrier", () => {
  const throwing = (): never => {
    throw new Error("getter");
  };
  const hostile: readonly (readonly [string, unknown])[] = [
    [
      "a getter that throws",
      Object.defineProperty({}, "traceparent", { get: throwing, enumerable: true }),
    ],
    [
      "a proxy that throws",
      new Proxy({}, { ownKeys: throwing, get: throwing, getPrototypeOf: throwing }),
    ],
    ["a revoked proxy", revoked()],
    ["a carrier that throws", { get: throwing, set: throwing, keys: throwing }],
  ];

  function revoked(): object {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  }

  test.each(hostile)("that is %s gives nothing, and the fault is reported", (_what, carrier) => {
    const propagator = everyStyle();

    expect(propagator.extract(carrier)).toBeNull();
    expect(propagator.faults()).toEqual({ "carrier:extract": 1 });
  });

  test("with values that are no text is read without them", () => {
    const value = { toString: throwing };

    for (const traceparent of [true, 7, Symbol("x"), value, [value, 1, null], null, () => "x"]) {
      expect(everyStyle().extract({ traceparent })).toBeNull();
    }
  });

  test("of a class is read by its own properties", () => {
    class Message {
      readonly "x-datadog-trace-id" = "1";
      readonly "x-datadog-parent-id" = "2";
    }

    expect(everyStyle().extract(new Message())?.traceId).toBe("1");
  });

  test("with inherited headers is read without them", () => {
    const inherited = Object.create({ "x-datadog-trace-id": "1", "x-datadog-parent-id": "2" });

    expect(everyStyle().extract(inherited)).toBeNull();
  });
});
