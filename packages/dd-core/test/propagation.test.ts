import { HeaderCarrier } from "@llmdevops/dd-propagation";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  DatadogAPMError,
  InvalidTraceContextError,
  PropagationFailedError,
  type Span,
} from "../src/index.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const errors: Error[] = [];
const { tracing, intake, counted } = await startRealTracing({
  onError: (error) => errors.push(error),
});
afterAll(() => intake.stop());

const datadog = {
  "x-datadog-trace-id": "11",
  "x-datadog-parent-id": "22",
  "x-datadog-sampling-priority": "2",
  "x-datadog-origin": "rum",
  "x-datadog-tags": "_dd.p.tid=640cfd8d00000000",
};

describe("a context in headers", () => {
  test("is read whole and leads to a child of the same trace", () => {
    const context = tracing.extractContext(datadog);

    expect(context).toMatchObject({
      traceId: "11",
      traceIdHex: "640cfd8d00000000000000000000000b",
      spanId: "22",
      samplingPriority: 2,
      origin: "rum",
    });
    const span = tracing.startSpan("child", { childOf: context });
    expect(span.context()).toMatchObject({ traceId: "11", samplingPriority: 2, origin: "rum" });
    expect(span.context().traceIdHex).toBe(context?.traceIdHex);
    span.finish();
  });

  test("may be a W3C one, and headers may be of any case and shape", () => {
    const traceparent = "00-640cfd8d00000000000000000000000b-0000000000000016-01";

    for (const carrier of [
      { TraceParent: traceparent },
      new Headers({ traceparent }),
      new Map([["traceparent", traceparent]]),
      new HeaderCarrier({ traceparent }),
    ]) {
      expect(tracing.extractContext(carrier)).toMatchObject({ traceId: "11", spanId: "22" });
    }
  });

  test("is absent from what carries none", () => {
    for (const carrier of [{}, { accept: "*/*" }, new Headers(), undefined, null, "text", 5]) {
      expect(tracing.extractContext(carrier)).toBeNull();
    }
  });

  test.each([
    ["a parent id in hexadecimal", { ...datadog, "x-datadog-parent-id": "abcdef123456" }],
    ["a trace id that is too large", { ...datadog, "x-datadog-trace-id": "99999999999999999999" }],
    ["a trace id of zero", { ...datadog, "x-datadog-trace-id": "0" }],
    ["a parent id with a script", { ...datadog, "x-datadog-parent-id": "22;drop" }],
  ])("with %s is refused, reported and counted, and a new trace starts", (_, headers) => {
    errors.length = 0;
    let context: unknown;
    const counts = counted(() => {
      context = tracing.extractContext(headers);
    });

    expect(context).toBeNull();
    expect(counts).toEqual({ invalid_trace_context: 1 });
    expect(InvalidTraceContextError.isInstance(errors[0])).toBe(true);
    expect(errors[0]?.message).not.toMatch(/abcdef123456|drop/);
    const span = tracing.startSpan("new", { childOf: context as null });
    expect(span.traceId).not.toBe("11");
    span.finish();
  });

  test("with an invalid Datadog id goes on from a valid traceparent beside it", () => {
    const context = tracing.extractContext({
      ...datadog,
      "x-datadog-parent-id": "abcdef123456",
      traceparent: "00-000000000000000000000000000000ff-0000000000000010-01",
    });

    expect(context).toMatchObject({ traceId: "255", spanId: "16" });
  });

  test("that cannot be read is reported and counted, never thrown", () => {
    errors.length = 0;
    const carrier = {
      get() {
        throw new Error("broken");
      },
      set() {},
      keys: () => [],
    };
    let context: unknown;
    const counts = counted(() => {
      context = tracing.extractContext(carrier);
    });

    expect(context).toBeNull();
    expect(counts).toEqual({ propagation_failed: 1 });
    expect(PropagationFailedError.isInstance(errors[0])).toBe(true);
  });

  test("of any content is read or refused, and every fault is one of ours", () => {
    errors.length = 0;
    const names = [...Object.keys(datadog), "traceparent", "tracestate", "baggage"];
    const headers = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(fc.string(), fc.constantFrom(...Object.values(datadog))),
    );
    fc.assert(
      fc.property(headers, (carrier) => {
        const context = tracing.extractContext(carrier);
        const span = tracing.startSpan("any", { childOf: context });
        expect(span.traceId).toMatch(/^[1-9]\d*$/);
        span.finish();
      }),
    );

    expect(errors.every((error) => DatadogAPMError.isInstance(error))).toBe(true);
  });
});

describe("injectContext", () => {
  test("writes Datadog and W3C headers of the active span or of a given one", () => {
    const span = tracing.startSpan("out", { keep: true });
    const given = tracing.injectContext({} as Record<string, string>, span);
    const active = tracing.withSpan(span, () =>
      tracing.injectContext({} as Record<string, string>),
    );

    expect(given).toMatchObject({
      "x-datadog-trace-id": span.traceId,
      "x-datadog-parent-id": span.spanId,
      "x-datadog-sampling-priority": "2",
      traceparent: expect.stringMatching(
        new RegExp(`^00-${span.context().traceIdHex}-[0-9a-f]{16}-01$`),
      ),
    });
    expect(active).toEqual(given);
    span.finish();
  });

  test("returns the same carrier, and reading it back gives the same context", () => {
    const span = tracing.startSpan("round trip");
    for (const carrier of [{}, new Headers(), new Map(), new HeaderCarrier()]) {
      expect(tracing.injectContext(carrier, span)).toBe(carrier);
      expect(tracing.extractContext(carrier)).toMatchObject({
        traceId: span.traceId,
        traceIdHex: span.context().traceIdHex,
        spanId: span.spanId,
        samplingPriority: 2,
      });
    }
    span.finish();
  });

  test("takes the sampling decision, which the span's context has from then on", () => {
    const span = tracing.startSpan("decided");
    expect(span.context().samplingPriority).toBeUndefined();
    tracing.injectContext({}, span);

    expect(span.context().samplingPriority).toBe(2);
    expect(span.context()).toBe(span.context());
    span.finish();
  });

  test("honours the decision of the parent", () => {
    const context = tracing.extractContext({ ...datadog, "x-datadog-sampling-priority": "-1" });
    const span = tracing.startSpan("dropped", { childOf: context });

    expect(tracing.injectContext({} as Record<string, string>, span)).toMatchObject({
      "x-datadog-sampling-priority": "-1",
    });
    span.finish();
  });

  test("writes the context of a span of another copy of this package", () => {
    const foreign = {
      context: () => ({ traceId: "11", traceIdHex: `${"0".repeat(31)}b`, spanId: "22" }),
    } as unknown as Span;

    expect(tracing.injectContext({}, foreign)).toMatchObject({
      "x-datadog-trace-id": "11",
      "x-datadog-parent-id": "22",
    });
  });

  test("leaves the carrier as it is when there is no span", () => {
    const carrier = { accept: "*/*" };

    expect(counted(() => tracing.injectContext(carrier))).toEqual({});
    expect(counted(() => tracing.injectContext(carrier, {} as Span))["invalid_span"]).toBe(1);
    expect(carrier).toEqual({ accept: "*/*" });
  });

  test.each<[string, unknown]>([
    ["is frozen", Object.freeze({})],
    ["is null", null],
    ["is text", "text"],
    [
      "throws",
      {
        get() {},
        keys: () => [],
        set() {
          throw new Error("broken");
        },
      },
    ],
  ])("reports a carrier that %s, and returns it", (_, carrier) => {
    errors.length = 0;
    const span = tracing.startSpan("out");
    let result: unknown;
    const counts = counted(() => {
      result = tracing.injectContext(carrier, span);
    });

    expect(result).toBe(carrier);
    expect(counts).toEqual({ propagation_failed: 1 });
    expect(PropagationFailedError.isInstance(errors[0])).toBe(true);
    span.finish();
  });
});

test("a link does not change the baggage of the code that sets it", () => {
  const outer = tracing.startSpan("outer", {
    childOf: tracing.extractContext({ ...datadog, baggage: "user=ada" }),
  });
  tracing.withSpan(outer, () => {
    const before = tracing.injectContext({} as Record<string, string>);
    outer.addLink({
      traceId: "5",
      traceIdHex: `${"0".repeat(31)}5`,
      spanId: "6",
      baggage: { user: "eve" },
    });
    expect(tracing.injectContext({} as Record<string, string>)).toEqual(before);
  });
  outer.finish();
});
