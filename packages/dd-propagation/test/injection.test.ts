import { describe, expect, test } from "vitest";
import {
  createPropagator,
  HeaderCarrier,
  type PropagationStyle,
  type PropagatorOptions,
  type SpanContext,
} from "../src/index.ts";
import { fullContext } from "./support/full-context.ts";

interface Injection {
  readonly headers: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<string, number>>;
}

function inject(context: SpanContext, options: PropagatorOptions = {}): Injection {
  const propagator = createPropagator({ env: {}, ...options });
  const headers = propagator.inject(context, {});
  return { headers, faults: propagator.faults() };
}

const only = (style: PropagationStyle, context: SpanContext): Injection["headers"] =>
  inject(context, { inject: [style] }).headers;

const { origin: _origin, tags: _tags, samplingPriority: _priority, ...bare } = fullContext;

describe("Datadog headers", () => {
  test("carry the whole context", () => {
    expect(only("datadog", fullContext)).toEqual({
      "x-datadog-trace-id": "12379814468735227512",
      "x-datadog-parent-id": "987654321",
      "x-datadog-sampling-priority": "2",
      "x-datadog-origin": "synthetics",
      "x-datadog-tags": "_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4,_dd.p.usr.id=baz64==",
    });
  });

  test("carry the upper half of the trace id even when no tag has it", () => {
    expect(only("datadog", bare)["x-datadog-tags"]).toBe("_dd.p.tid=640cfd8d00000000");
  });

  test("carry only the upper half when the tags are longer than 512 characters, and say so", () => {
    const tags = { "_dd.p.a": "x".repeat(512) };

    const { headers, faults } = inject({ ...bare, tags });

    expect(headers["x-datadog-tags"]).toBe("_dd.p.tid=640cfd8d00000000");
    expect(faults["x-datadog-tags:too_long"]).toBe(1);
  });

  test("carry no tags when they are turned off, and not even the upper half below its length", () => {
    const off = inject(fullContext, { maximumTagsLength: 0 });
    const tiny = inject(fullContext, { maximumTagsLength: 10 });

    expect(off.headers).not.toHaveProperty("x-datadog-tags");
    expect(tiny.headers).not.toHaveProperty("x-datadog-tags");
  });

  test.each([
    ["a comma in a value", { "_dd.p.a": "1,2" }],
    ["a line break in a value", { "_dd.p.a": "1\n2" }],
    ["a space in a key", { "_dd.p.a b": "1" }],
  ])("leave out a tag with %s and keep the others", (_fault, tags) => {
    const { headers, faults } = inject({ ...bare, tags: { ...tags, "_dd.p.ok": "1" } });

    expect(headers["x-datadog-tags"]).toBe("_dd.p.tid=640cfd8d00000000,_dd.p.ok=1");
    expect(faults["x-datadog-tags:malformed"]).toBe(1);
  });

  test("carry no tags but the propagated ones that have a value", () => {
    const tags = { "_dd.p.empty": "", "_dd.parent_id": "a", "baggage.user.id": "b" };

    expect(only("datadog", { ...bare, tags })["x-datadog-tags"]).toBe("_dd.p.tid=640cfd8d00000000");
  });

  test("are not written for a trace id whose lower half is zero, which they would read as none", () => {
    const context = { ...bare, traceId: "0", traceIdHex: `640cfd8d00000000${"0".repeat(16)}` };

    expect(only("datadog", context)).toEqual({});
    expect(only("tracecontext", context)["traceparent"]).toContain(context.traceIdHex);
  });

  test("carry an origin that a header can hold", () => {
    const origin = "a\r\nx-evil: 1\u{1f600}";

    expect(only("datadog", { ...bare, origin })["x-datadog-origin"]).toBe("a__x-evil: 1__");
    const longest = "o".repeat(256);
    expect(only("datadog", { ...bare, origin: longest })["x-datadog-origin"]).toBe(longest);
    expect(only("datadog", { ...bare, origin: "o".repeat(257) })).not.toHaveProperty(
      "x-datadog-origin",
    );
  });
});

describe("Trace Context headers", () => {
  const memberOf = (context: SpanContext): string =>
    only("tracecontext", context)["tracestate"]?.split(",")[0] ?? "";

  test("carry ids, flags and Datadog's member first", () => {
    const context = {
      ...fullContext,
      randomTraceId: true,
      traceState: [
        ["vendor", "1"],
        ["dd", "s:1;x:later"],
        ["ot", "rv:1234567890abcd"],
      ],
    } as const;

    expect(only("tracecontext", context)).toEqual({
      traceparent: "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-03",
      tracestate:
        "dd=s:2;p:000000003ade68b1;t.dm:-4;o:synthetics;t.tid:640cfd8d00000000;t.usr.id:baz64~~;" +
        "x:later,vendor=1,ot=rv:1234567890abcd",
    });
  });

  test("carry the inherited last parent id of a context that is only passed on", () => {
    const remote = { ...bare, isRemote: true };

    expect(memberOf(remote)).toBe("dd=t.tid:640cfd8d00000000");
    expect(memberOf({ ...remote, tags: { "_dd.parent_id": "00f067aa0ba902b7" } })).toBe(
      "dd=p:00f067aa0ba902b7;t.tid:640cfd8d00000000",
    );
  });

  test("replace what the member's grammar reserves", () => {
    const tags = { "_dd.p.k;e:y": "a;b~c=d" };

    expect(memberOf({ ...bare, tags, origin: "x,y;z~=\u00e9" })).toBe(
      "dd=p:000000003ade68b1;o:x_y_z_~_;t.tid:640cfd8d00000000;t.k_e_y:a_b_c~d",
    );
  });

  test("keep Datadog's member within 256 characters and leave out only what does not fit", () => {
    const tags = { "_dd.p.dm": "-4", "_dd.p.long": "x".repeat(250), "_dd.p.short": "1" };

    const { headers, faults } = inject({ ...bare, samplingPriority: 2, origin: "rum", tags });

    const member = headers["tracestate"]?.slice("dd=".length);
    expect(member).toBe("s:2;p:000000003ade68b1;t.dm:-4;o:rum;t.tid:640cfd8d00000000;t.short:1");
    expect(faults).toMatchObject({ "tracestate:too_long": 1 });
  });

  test("fill Datadog's member to exactly 256 characters", () => {
    const room = 256 - "p:000000003ade68b1;t.tid:640cfd8d00000000;t.a:".length;
    const fits = memberOf({ ...bare, tags: { "_dd.p.a": "x".repeat(room) } });
    const exceeds = memberOf({ ...bare, tags: { "_dd.p.a": "x".repeat(room + 1) } });

    expect(fits).toHaveLength("dd=".length + 256);
    expect(exceeds).toBe("dd=p:000000003ade68b1;t.tid:640cfd8d00000000");
  });

  test("do not end Datadog's member with a space", () => {
    expect(
      memberOf({ ...bare, traceIdHex: `${"0".repeat(16)}abcdefab12345678`, origin: "a " }),
    ).toBe("dd=p:000000003ade68b1;o:a");
  });

  test("leave out members that a caller made and that no list may hold", () => {
    const { headers, faults } = inject({
      ...bare,
      traceState: [
        ["UPPER", "1"],
        ["a", "x,y"],
        ["ok", "1"],
      ],
    });

    expect(headers["tracestate"]).toBe("dd=p:000000003ade68b1;t.tid:640cfd8d00000000,ok=1");
    expect(faults).toEqual({ "tracestate:malformed": 2 });
  });

  test("are not written below a trace without a span, which they cannot express", () => {
    expect(only("tracecontext", { ...bare, spanId: "0" })).toEqual({});
  });
});

describe("B3 headers", () => {
  test.each([
    [undefined, "", {}],
    [-1, "-0", { "x-b3-sampled": "0" }],
    [0, "-0", { "x-b3-sampled": "0" }],
    [1, "-1", { "x-b3-sampled": "1" }],
    [2, "-d", { "x-b3-flags": "1" }],
  ])("tell the priority %s", (priority, state, sampling) => {
    const context = priority === undefined ? bare : { ...bare, samplingPriority: priority };

    expect(only("b3", context)).toEqual({
      b3: `640cfd8d00000000abcdefab12345678-000000003ade68b1${state}`,
    });
    expect(only("b3multi", context)).toEqual({
      "x-b3-traceid": "640cfd8d00000000abcdefab12345678",
      "x-b3-spanid": "000000003ade68b1",
      ...sampling,
    });
  });

  test("tell debug only where a person decided, not where a rule did", () => {
    const byRule = { ...bare, samplingPriority: 2, tags: { "_dd.p.dm": "-3" } };
    const byUser = { ...bare, samplingPriority: 2, tags: { "_dd.p.dm": "-4" } };

    expect(only("b3", byRule)["b3"]).toMatch(/-1$/);
    expect(only("b3", byUser)["b3"]).toMatch(/-d$/);
    expect(only("b3multi", byRule)["x-b3-sampled"]).toBe("1");
  });

  test("tell the parent, and a 64-bit trace id with 16 digits", () => {
    const traceIdHex = `${"0".repeat(16)}abcdefab12345678`;
    const context = { ...bare, traceIdHex, parentId: "10", samplingPriority: 1 };

    expect(only("b3", context)).toEqual({
      b3: "abcdefab12345678-000000003ade68b1-1-000000000000000a",
    });
    expect(only("b3multi", context)).toMatchObject({
      "x-b3-traceid": "abcdefab12345678",
      "x-b3-parentspanid": "000000000000000a",
    });
  });
});

describe("a context from a caller", () => {
  test.each([
    ["no hexadecimal trace id", { traceIdHex: "" }],
    ["an upper-case one", { traceIdHex: fullContext.traceIdHex.toUpperCase() }],
    ["a decimal one that differs", { traceId: "5" }],
  ])("with %s is repaired", (_fault, ids) => {
    const headers = only("datadog", { ...fullContext, ...ids });

    expect(headers["x-datadog-trace-id"]).toBe("12379814468735227512");
    expect(headers["x-datadog-tags"]).toContain("_dd.p.tid=640cfd8d00000000");
  });

  test.each([
    ["a span id that is no number", { spanId: "abc" }],
    ["no usable trace id", { traceId: "x", traceIdHex: "y" }],
  ])("with %s writes only its baggage, and the fault is counted", (_fault, ids) => {
    const { headers, faults } = inject({ ...fullContext, ...ids });

    expect(Object.keys(headers)).toEqual(["baggage"]);
    expect(faults).toEqual({ "context:malformed": 1 });
  });

  test.each([Number.NaN, 1.5, Number.POSITIVE_INFINITY])(
    "with the sampling priority %s is written without a decision",
    (samplingPriority) => {
      const { headers, faults } = inject({ ...bare, samplingPriority });

      expect(headers).not.toHaveProperty("x-datadog-sampling-priority");
      expect(headers["tracestate"]).not.toContain("s:");
      expect(headers["traceparent"]).toMatch(/-00$/);
      expect(faults).toEqual({ "context:malformed": 1 });
    },
  );

  test("with values that are no text is written without them", () => {
    const tags = { "_dd.p.a": 7, "_dd.p.dm": {}, "_dd.parent_id": null, "_dd.p.ok": "1" };
    const context = { ...bare, tags, origin: 7, isRemote: true } as unknown as SpanContext;

    expect(inject(context).headers).toMatchObject({
      "x-datadog-tags": "_dd.p.tid=640cfd8d00000000,_dd.p.ok=1",
      tracestate: "dd=t.tid:640cfd8d00000000;t.ok:1",
    });
  });

  test("that is not frozen is encoded again after it has changed", () => {
    const propagator = createPropagator({ env: {}, inject: ["datadog"] });
    const context = { ...bare, samplingPriority: 0 };
    propagator.inject(context, {});

    context.samplingPriority = 2;

    const headers: Record<string, string> = propagator.inject(context, {});
    expect(headers["x-datadog-sampling-priority"]).toBe("2");
  });

  test("that is frozen, but whose tags are not, is encoded again too", () => {
    const propagator = createPropagator({ env: {}, inject: ["datadog"] });
    const tags = { "_dd.p.a": "1" };
    const context = Object.freeze({ ...bare, tags });
    propagator.inject(context, {});

    tags["_dd.p.a"] = "2";

    const headers: Record<string, string> = propagator.inject(context, {});
    expect(headers["x-datadog-tags"]).toContain("_dd.p.a=2");
  });

  test("without a trace writes its baggage and leaves other headers alone", () => {
    const empty = { traceId: "0", traceIdHex: "0".repeat(32), spanId: "0" };
    const headers: Record<string, string> = { traceparent: "theirs" };

    createPropagator({ env: {} }).inject({ ...empty, baggage: { a: "1" } }, headers);

    expect(headers).toEqual({ traceparent: "theirs", baggage: "a=1" });
  });
});

describe("injection", () => {
  test("takes stale headers of its formats out and leaves the caller's baggage", () => {
    const carrier = new HeaderCarrier({
      "X-Datadog-Origin": "stale",
      "x-datadog-tags": "_dd.p.stale=1",
      "x-b3-flags": "1",
      baggage: "a=1",
    });
    const { baggage: _, ...context } = bare;

    createPropagator({ env: {} }).inject(context, carrier);

    expect(carrier.get("x-datadog-origin")).toBeUndefined();
    expect(carrier.get("x-datadog-tags")).toBe("_dd.p.tid=640cfd8d00000000");
    expect(carrier.get("x-b3-flags")).toBe("1");
    expect(carrier.get("baggage")).toBe("a=1");
  });

  test("does the same to a plain object, whatever the case of its names", () => {
    const headers: Record<string, string> = {
      "X-Datadog-Origin": "stale",
      "x-datadog-sampling-priority": "2",
      TraceParent: "stale",
      "x-b3-flags": "1",
      Baggage: "a=1",
      "Content-Type": "x",
    };
    const { baggage: _, ...context } = bare;

    createPropagator({ env: {} }).inject(context, headers);

    expect(headers).toEqual({
      "x-datadog-trace-id": "12379814468735227512",
      "x-datadog-parent-id": "987654321",
      "x-datadog-tags": "_dd.p.tid=640cfd8d00000000",
      traceparent: "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-00",
      tracestate: "dd=p:000000003ade68b1;t.tid:640cfd8d00000000",
      "x-b3-flags": "1",
      Baggage: "a=1",
      "Content-Type": "x",
    });
  });

  test("replaces baggage of another case by its own", () => {
    const headers: Record<string, string> = { Baggage: "a=1" };

    createPropagator({ env: {}, inject: ["baggage"] }).inject(fullContext, headers);

    expect(headers).toEqual({ baggage: "user.id=Zo%C3%AB,plan=free%20trial" });
  });

  test("gives the same headers for a frozen context every time", () => {
    const propagator = createPropagator({ env: {} });
    const context = propagator.extract(inject(fullContext).headers);

    const first = context && propagator.inject(context, {});
    const second = context && propagator.inject(context, {});

    expect(first).toEqual(second);
    expect(Object.keys(first ?? {}).sort()).toEqual(propagator.fields().toSorted());
  });

  test("counts the faults of a frozen context every time", () => {
    const propagator = createPropagator({ env: {}, inject: ["datadog"] });
    const tags = Object.freeze({ "_dd.p.a": "x".repeat(512) });
    const { baggage: _, ...context } = bare;
    const frozen = Object.freeze({ ...context, tags });

    propagator.inject(frozen, {});
    propagator.inject(frozen, {});

    expect(propagator.faults()).toEqual({ "x-datadog-tags:too_long": 2 });
  });

  test("writes nothing for the style none", () => {
    expect(inject(fullContext, { inject: ["none"] }).headers).toEqual({});
  });

  test.each([null, undefined, 7, "text"])("into %s reports that nothing was kept", (carrier) => {
    const propagator = createPropagator({ env: {} });

    expect(propagator.inject(fullContext, carrier)).toBe(carrier);
    expect(propagator.faults()).toEqual({ "carrier:inject": 1 });
  });

  test("into a frozen object reports what the object threw", () => {
    const errors: Error[] = [];
    const propagator = createPropagator({ env: {}, onError: (error) => errors.push(error) });

    propagator.inject(fullContext, Object.freeze({}));

    expect(errors).toMatchObject([
      { name: "PropagationFailedError", operation: "inject", cause: expect.any(TypeError) },
    ]);
  });
});
