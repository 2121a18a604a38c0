import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createChildContext,
  createPropagator,
  createRootContext,
  hasTraceId,
  type SpanContext,
  sampleByTraceId,
  withSamplingDecision,
} from "../src/index.ts";
import { fullContext } from "./support/full-context.ts";

const propagator = createPropagator({ env: {}, inject: ["tracecontext"] });
const openTelemetryMember = (context: SpanContext): string | undefined =>
  /(?:^|,)ot=([^,]*)/.exec(
    (propagator.inject(context, {}) as Record<string, string>)["tracestate"] ?? "",
  )?.[1];

describe("a root context", () => {
  test("has ids of its own, a random flag and the baggage that was given", () => {
    const baggage = { a: "1" };
    const context = createRootContext({ baggage });

    expect(hasTraceId(context)).toBe(true);
    expect(context.randomTraceId).toBe(true);
    expect(context.tags?.["_dd.p.tid"]).toBe(context.traceIdHex.slice(0, 16));
    expect(context.baggage).toEqual(baggage);
    expect(context.baggage).not.toBe(baggage);
  });

  test("has no upper half when it is to have 64 bits", () => {
    const context = createRootContext({ traceIdBits: 64 });

    expect(context.traceIdHex).toMatch(/^0{16}/);
    expect(context.tags).toBeUndefined();
  });
});

describe("a child context", () => {
  test("keeps the trace and has a span id of its own", () => {
    const child = createChildContext(fullContext);

    expect(child).toMatchObject({
      traceIdHex: fullContext.traceIdHex,
      parentId: fullContext.spanId,
      samplingPriority: 2,
      origin: "synthetics",
      baggage: fullContext.baggage,
      tags: fullContext.tags ?? {},
      isRemote: false,
    });
    expect(child.spanId).not.toBe(fullContext.spanId);
  });

  test("does not inherit links and the last parent id, which belong to one span only", () => {
    const parent = {
      ...fullContext,
      tags: { "_dd.parent_id": "a", "_dd.p.dm": "-4" },
      links: [{ context: fullContext }],
    };

    const child = createChildContext(parent);

    expect(child.links).toBeUndefined();
    expect(child.tags).toEqual({ "_dd.p.dm": "-4" });
  });

  test("of a trace without a span has no parent", () => {
    expect(createChildContext({ ...fullContext, spanId: "0" }).parentId).toBeUndefined();
  });

  test("of nothing is a root", () => {
    expect(createChildContext(null).parentId).toBeUndefined();
  });

  test("of a context without a trace is a root with its decision, baggage and links", () => {
    const parent = createPropagator({ env: {}, behavior: "restart" }).extract({
      "x-datadog-trace-id": "1",
      "x-datadog-parent-id": "2",
      baggage: "user.id=3",
    });

    const child = createChildContext(parent);

    expect(hasTraceId(child)).toBe(true);
    expect(child).toMatchObject({ baggage: { "user.id": "3" }, isRemote: false });
    expect(child.tags).toMatchObject({ "baggage.user.id": "3" });
    expect(child.links).toHaveLength(1);
    const decided = { traceId: "0", traceIdHex: "0".repeat(32), spanId: "0", samplingPriority: 0 };
    expect(createChildContext(decided).samplingPriority).toBe(0);
  });
});

describe("a sampling decision", () => {
  const decided = (priority: number | undefined, maker?: string): SpanContext => ({
    ...fullContext,
    ...(priority === undefined ? {} : { samplingPriority: priority }),
    tags: maker === undefined ? {} : { "_dd.p.dm": maker },
    traceState: [["ot", "rv:1234567890abcd;th:8"]],
  });

  test.each([
    ["a maker that is named", decided(1, "-0"), { priority: 2, mechanism: 4 }, "-4"],
    ["the maker it had when nothing changes", decided(1, "-3"), { priority: 2 }, "-3"],
    ["the default maker when a drop becomes a keep", decided(0), { priority: 1 }, "-0"],
    ["no maker when a keep becomes a drop", decided(2, "-4"), { priority: -1 }, undefined],
    [
      "no maker for a drop, whatever is named",
      decided(2, "-4"),
      { priority: 0, mechanism: 3 },
      undefined,
    ],
    ["the default maker when there was none", decided(1), { priority: 1 }, "-0"],
  ])("has %s", (_what, context, decision, maker) => {
    const result = withSamplingDecision(context, decision);

    expect(result.samplingPriority).toBe(decision.priority);
    expect(result.tags?.["_dd.p.dm"]).toBe(maker);
  });

  test("without a probability takes the threshold of an earlier one out", () => {
    expect(openTelemetryMember(withSamplingDecision(decided(1), { priority: 2 }))).toBe(
      "rv:1234567890abcd",
    );
    const onlyThreshold = { ...fullContext, traceState: [["ot", "th:8"]] } as const;
    expect(
      openTelemetryMember(withSamplingDecision(onlyThreshold, { priority: 2 })),
    ).toBeUndefined();
  });

  test("does not change the context it was taken for", () => {
    const context = Object.freeze(decided(1, "-4"));

    withSamplingDecision(context, { priority: -1 });

    expect(context).toMatchObject({ samplingPriority: 1, tags: { "_dd.p.dm": "-4" } });
  });
});

describe("sampling by trace id", () => {
  const withTrace = (low: bigint): SpanContext => {
    const { samplingPriority: _, ...undecided } = fullContext;
    return { ...undecided, traceIdHex: low.toString(16).padStart(32, "0"), tags: {} };
  };

  // Known values of Datadog's tracers and of OpenTelemetry's encoding of the same decision.
  test.each([
    [1n, 0.01, -1, "rv:f0948a54d43b8e;th:fd70a3d70a3d7"],
    [1n, 0.1, 2, "rv:f0948a54d43b8e;th:e6666666666668"],
    [1_000n, 0.1, -1, "rv:c43c5b5d08a38e;th:e6666666666668"],
    [18_446_744_073_709_551_615n, 0.1, -1, "rv:0f6b75ab2bc471;th:e6666666666668"],
    [10n, 0.5, -1, "rv:65cd67504a538e;th:8"],
    [18_444_899_399_302_180_862n, 0.5, 2, "rv:fe93c079a65653;th:8"],
    [1n, 0.99, 2, "rv:f0948a54d43b8e;th:028f5c28f5c29"],
    [1n, 1, 2, "rv:f0948a54d43b8e;th:0"],
    [1n, 0, -1, "rv:f0948a54d43b8e;th:ffffffffffffff"],
  ])(
    "of %s at the rate %s gives the priority %s and the member %s",
    (low, rate, priority, member) => {
      const context = sampleByTraceId(withTrace(low), rate);

      expect(context.samplingPriority).toBe(priority);
      expect(openTelemetryMember(context)).toBe(member);
    },
  );

  test("keeps a decision that was taken before", () => {
    expect(sampleByTraceId(fullContext, 0)).toBe(fullContext);
  });

  test("tells the decision, for every trace and every rate", () => {
    const uint64 = fc.bigInt({ min: 1n, max: (1n << 64n) - 1n });
    fc.assert(
      fc.property(uint64, fc.double({ min: 0, max: 1, noNaN: true }), (low, rate) => {
        const context = sampleByTraceId(withTrace(low), rate);

        const [, random = "", threshold = ""] =
          /^rv:([0-9a-f]{14});th:([0-9a-f]{1,14})$/.exec(openTelemetryMember(context) ?? "") ?? [];
        const isKept = BigInt(`0x${random}`) >= BigInt(`0x${threshold.padEnd(14, "0")}`);
        expect(isKept).toBe((context.samplingPriority ?? 0) > 0);
      }),
    );
  });

  test.each([
    [0, 0.99, "rv:028f5c28f5c28f;th:028f5c28f5c29"],
    [-1, 1, "rv:00000000000000;th:0"],
    [1, 0.01, "rv:fd70a3d70a3d70;th:fd70a3d70a3d7"],
  ])(
    "tells a decision for the priority %i at the rate %s that the trace id contradicts",
    (priority, rate, member) => {
      const context = withSamplingDecision(withTrace(1n), { priority, rate });

      expect(openTelemetryMember(context)).toBe(member);
    },
  );

  test("adds to what the member received has, and replaces no probability in it", () => {
    const received = (value: string): SpanContext => ({
      ...withTrace(10n),
      traceState: [
        ["a", "1"],
        ["ot", value],
      ],
    });

    expect(openTelemetryMember(sampleByTraceId(received("x:y"), 0.5))).toBe(
      "rv:65cd67504a538e;th:8;x:y",
    );
    expect(openTelemetryMember(sampleByTraceId(received("th:4"), 0.5))).toBe("th:4");
  });

  test.each([Number.NaN, -1])("drops at the rate %s", (rate) => {
    expect(sampleByTraceId(withTrace(1n), rate).samplingPriority).toBe(-1);
  });
});
