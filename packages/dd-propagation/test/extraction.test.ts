import { describe, expect, test } from "vitest";
import {
  createPropagator,
  hasTraceId,
  type InvalidTraceContextError,
  type PropagatorOptions,
  type SpanContext,
} from "../src/index.ts";

interface Extraction {
  readonly context: SpanContext | null;
  readonly faults: Readonly<Record<string, number>>;
}

function extract(headers: unknown, options: PropagatorOptions = {}): Extraction {
  const propagator = createPropagator({ env: {}, ...options });
  const context = propagator.extract(headers);
  return { context, faults: propagator.faults() };
}

const datadog = { "x-datadog-trace-id": "123", "x-datadog-parent-id": "456" };
const traceparent = "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-01";

describe("Datadog headers", () => {
  test("give ids, decision, origin and tags", () => {
    const { context, faults } = extract({
      ...datadog,
      "x-datadog-sampling-priority": "2",
      "x-datadog-origin": "rum",
      "x-datadog-tags": "_dd.p.tid=640cfd8d00000000,_dd.p.dm=-4",
    });

    expect(context).toEqual({
      traceId: "123",
      traceIdHex: "640cfd8d00000000000000000000007b",
      spanId: "456",
      samplingPriority: 2,
      origin: "rum",
      tags: { "_dd.p.tid": "640cfd8d00000000", "_dd.p.dm": "-4" },
      isRemote: true,
    });
    expect(faults).toEqual({});
  });

  test.each([
    ["a hexadecimal parent id", { "x-datadog-parent-id": "abcdef123456" }, "x-datadog-parent-id"],
    ["no parent id", { "x-datadog-parent-id": undefined }, "x-datadog-parent-id"],
    ["an empty trace id", { "x-datadog-trace-id": "" }, "x-datadog-trace-id"],
    [
      "a trace id of 65 bits",
      { "x-datadog-trace-id": "18446744073709551616" },
      "x-datadog-trace-id",
    ],
    [
      "a negative id of 65 bits",
      { "x-datadog-trace-id": "-9223372036854775809" },
      "x-datadog-trace-id",
    ],
    ["a fraction", { "x-datadog-trace-id": "1.5" }, "x-datadog-trace-id"],
    ["a megabyte of digits", { "x-datadog-trace-id": "1".repeat(1_000_000) }, "x-datadog-trace-id"],
  ])("with %s give nothing, and the fault is counted", (_fault, headers, header) => {
    const { context, faults } = extract({ ...datadog, ...headers });

    expect(context).toBeNull();
    expect(faults).toEqual({ [`${header}:malformed`]: 1 });
  });

  test("may have a parent id of zero, but no trace id of zero", () => {
    expect(extract({ ...datadog, "x-datadog-parent-id": "0" }).context?.spanId).toBe("0");
    expect(extract({ ...datadog, "x-datadog-trace-id": "000" })).toEqual({
      context: null,
      faults: { "x-datadog-trace-id:all_zero": 1 },
    });
  });

  test("may have negative ids of 64 bits, as signed integers of other languages", () => {
    const { context } = extract({
      "x-datadog-trace-id": "-9223372036854775808",
      "x-datadog-parent-id": "-1",
    });

    expect(context).toMatchObject({
      traceId: "9223372036854775808",
      spanId: "18446744073709551615",
    });
  });

  test("that a server joined with a comma count with the last field", () => {
    const { context } = extract({
      "x-datadog-trace-id": "1, 123",
      "x-datadog-parent-id": "1, 456",
      "x-datadog-sampling-priority": "0, 2",
    });

    expect(context).toMatchObject({ traceId: "123", spanId: "456", samplingPriority: 2 });
  });

  test.each(["maybe", "1.5", "", "9".repeat(300)])(
    "with the sampling priority %j keep the ids and leave the decision open",
    (priority) => {
      const headers = { ...datadog, "x-datadog-sampling-priority": priority };
      const { context, faults } = extract(headers);

      expect(context?.traceId).toBe("123");
      expect(context?.samplingPriority).toBeUndefined();
      expect(faults).toEqual({ "x-datadog-sampling-priority:malformed": 1 });
    },
  );

  test("with an origin of more than 256 characters drop the origin", () => {
    const longest = "o".repeat(256);

    expect(extract({ ...datadog, "x-datadog-origin": longest }).context?.origin).toBe(longest);
    const { context, faults } = extract({ ...datadog, "x-datadog-origin": `${longest}o` });
    expect(context?.origin).toBeUndefined();
    expect(faults).toEqual({ "x-datadog-origin:too_long": 1 });
  });
});

describe("propagated tags", () => {
  const tagsOf = (header: string, options: PropagatorOptions = {}): Extraction["context"] =>
    extract({ ...datadog, "x-datadog-tags": header }, options).context;

  test("of more than 512 characters keep the trace id's upper half and name the error", () => {
    const header = `_dd.p.a=${"x".repeat(500)},_dd.p.tid=640cfd8d00000000`;

    const context = tagsOf(header);

    expect(context?.traceIdHex).toBe("640cfd8d00000000000000000000007b");
    expect(context?.tags).toEqual({
      "_dd.p.tid": "640cfd8d00000000",
      "_dd.propagation_error": "extract_max_size",
    });
  });

  test("of exactly 512 characters are kept", () => {
    const value = "x".repeat(512 - "_dd.p.a=".length);

    expect(tagsOf(`_dd.p.a=${value}`)?.tags).toEqual({ "_dd.p.a": value });
  });

  test.each(["_dd.p.tid=malformed", "_dd.p.tid=640CFD8D0000000"])(
    "that are too long and have a malformed upper half (%s) keep nothing",
    (tid) => {
      const context = tagsOf(`${tid},_dd.p.a=${"x".repeat(500)}`);

      expect(context?.tags).toEqual({ "_dd.propagation_error": "extract_max_size" });
    },
  );

  test.each(["_dd.p.ok=1,_dd.other=1", "_dd.p.ok=1,,", "_dd.p.ok=1,_dd.p.=1", "_dd.p.a b=1"])(
    "with a malformed member are dropped together: %s",
    (header) => {
      expect(tagsOf(header)?.tags).toEqual({ "_dd.propagation_error": "decoding_error" });
    },
  );

  test("with a malformed upper half keep the others", () => {
    const { context, faults } = extract({
      ...datadog,
      "x-datadog-tags": "_dd.p.tid=12,_dd.p.ok=a=b",
    });

    expect(context?.tags).toEqual({
      "_dd.p.ok": "a=b",
      "_dd.propagation_error": "malformed_tid 12",
    });
    expect(faults).toEqual({ "x-datadog-tags:malformed": 1 });
  });

  test("with an upper half of zeros mean a 64-bit trace id", () => {
    const context = tagsOf("_dd.p.tid=0000000000000000");

    expect(context?.tags).toBeUndefined();
    expect(context?.traceIdHex).toBe("0000000000000000000000000000007b");
  });

  test("are read up to the length that is configured, and not at all for 0", () => {
    expect(tagsOf("_dd.p.a=1,_dd.p.b=2", { maximumTagsLength: 18 })?.tags).toEqual({
      "_dd.propagation_error": "extract_max_size",
    });
    expect(tagsOf("_dd.p.a=1", { maximumTagsLength: 0 })?.tags).toBeUndefined();
  });
});

describe("Datadog's member of tracestate", () => {
  const memberOf = (flags: string, member: string): Extraction =>
    extract(
      { traceparent: traceparent.replace(/01$/, flags), tracestate: `dd=${member}` },
      { extract: ["tracecontext"] },
    );

  test.each([
    ["01", "s:2;t.dm:-4", 2, "-4"],
    ["01", "s:0;t.dm:-4", 1, "-0"],
    ["01", "s:-1", 1, "-0"],
    ["00", "s:-1;t.dm:-3", -1, "-3"],
    ["00", "s:2;t.dm:-4", 0, undefined],
    ["01", "t.dm:3", 1, "-3"],
    ["01", "t.dm:-3x", 1, undefined],
    ["01", "s:high", 1, undefined],
  ])(
    "at the flags %s and with %s means priority %i, made by %s",
    (flags, member, priority, maker) => {
      const { context } = memberOf(flags, member);

      expect(context?.samplingPriority).toBe(priority);
      expect(context?.tags?.["_dd.p.dm"]).toBe(maker);
    },
  );

  test("gives origin, tags and the last parent id, with tildes as equals signs", () => {
    const { context } = memberOf("01", "o:a~b;t.usr.id:x~~;p:00f067aa0ba902b7;unknown");

    expect(context?.origin).toBe("a=b");
    expect(memberOf("01", "o:;t.a:").context).not.toHaveProperty("origin");
    expect(context?.tags).toEqual({
      "_dd.p.tid": "640cfd8d00000000",
      "_dd.p.usr.id": "x==",
      "_dd.parent_id": "00f067aa0ba902b7",
    });
  });

  test("cannot change the upper half of the trace id", () => {
    const { context, faults } = memberOf("01", "t.tid:640cfd8d0000ffff");

    expect(context?.tags).toEqual({
      "_dd.p.tid": "640cfd8d00000000",
      "_dd.propagation_error": "inconsistent_tid 640cfd8d0000ffff",
    });
    expect(faults).toEqual({ "tracestate:conflict": 1 });
    expect(memberOf("01", "t.tid:640CFD8D00000000").faults).toEqual({});
  });
});

describe("several formats", () => {
  const both = { ...datadog, traceparent };

  test("that disagree about the trace leave a link to the one that lost", () => {
    const { context } = extract(both);

    expect(context?.traceId).toBe("123");
    expect(context?.links).toEqual([
      {
        context: expect.objectContaining({ traceIdHex: "640cfd8d00000000abcdefab12345678" }),
        attributes: { reason: "terminated_context", context_headers: "tracecontext" },
      },
    ]);
  });

  test("are not compared when the first one is to be taken", () => {
    const { context } = extract(both, { extractFirst: true });

    expect(context?.links).toBeUndefined();
  });

  test("of the same trace take parent and foreign state from Trace Context", () => {
    const { context } = extract({
      ...datadog,
      "x-datadog-sampling-priority": "2",
      traceparent: "00-0000000000000000000000000000007b-000000000000000a-03",
      tracestate: "dd=s:2;p:000000000000000b,vendor=1",
    });

    expect(context).toMatchObject({
      spanId: "10",
      samplingPriority: 2,
      randomTraceId: true,
      tags: { "_dd.parent_id": "000000000000000b" },
      traceState: [
        ["dd", "s:2;p:000000000000000b"],
        ["vendor", "1"],
      ],
    });
  });

  test("of the same trace take a missing decision, and its maker, from Trace Context", () => {
    const { context } = extract({
      ...datadog,
      traceparent: "00-0000000000000000000000000000007b-00000000000001c8-01",
      tracestate: "dd=s:2;t.dm:-4",
    });

    expect(context?.samplingPriority).toBe(2);
    expect(context?.tags).toEqual({ "_dd.p.dm": "-4" });
  });

  test("of the same trace drop a maker that came without its decision", () => {
    const { context } = extract({
      ...datadog,
      "x-datadog-tags": "_dd.p.dm=-4",
      traceparent: "00-0000000000000000000000000000007b-00000000000001c8-01",
    });

    expect(context?.samplingPriority).toBe(1);
    expect(context?.tags).toBeUndefined();
  });

  test("with contrary decisions drop the probability that belongs to the one that lost", () => {
    const headers = (priority: string): Record<string, string> => ({
      ...datadog,
      "x-datadog-sampling-priority": priority,
      traceparent: "00-0000000000000000000000000000007b-00000000000001c8-01",
      tracestate: "ot=rv:1234567890abcd;th:8",
    });

    expect(extract(headers("-1")).context?.traceState).toEqual([["ot", "rv:1234567890abcd"]]);
    expect(extract(headers("2")).context?.traceState).toEqual([["ot", "rv:1234567890abcd;th:8"]]);
  });

  test("restart with a link to what arrived, and with its baggage", () => {
    const { context } = extract({ ...datadog, baggage: "a=1" }, { behavior: "restart" });

    expect(context).toMatchObject({ traceId: "0", spanId: "0", baggage: { a: "1" } });
    expect(context && hasTraceId(context)).toBe(false);
    expect(context?.samplingPriority).toBeUndefined();
    expect(context?.links).toMatchObject([
      {
        context: { traceId: "123" },
        attributes: { reason: "propagation_behavior_extract", context_headers: "datadog" },
      },
    ]);
  });

  test("are ignored, baggage included, when that is configured", () => {
    const { context } = extract({ ...both, baggage: "a=1" }, { behavior: "ignore" });

    expect(context).toBeNull();
  });
});

describe("OpenTelemetry's member of tracestate", () => {
  test.each([
    ["rv:1234567890abcd;th:8", "rv:1234567890abcd;th:8"],
    ["rv:1234567890ABCD;th:8", "th:8"],
    ["rv:1234;th:8;x:y", "th:8;x:y"],
    ["rv:1234567890abcd;th:123456789012345", "rv:1234567890abcd"],
    ["rv:1", undefined],
  ])("%s is kept as %s", (value, expected) => {
    const { context } = extract({ traceparent, tracestate: `ot=${value},a=1` });

    const members = Object.fromEntries(context?.traceState ?? []);
    expect(members["ot"]).toBe(expected);
    expect(members["a"]).toBe("1");
  });
});

describe("B3 headers", () => {
  const single = (b3: string): Extraction => extract({ b3 }, { extract: ["b3"] });
  const ids = "640cfd8d00000000abcdefab12345678-000000003ade68b1";

  test.each([
    [ids, undefined],
    [`${ids}-0`, 0],
    [`${ids}-1`, 1],
    [`${ids}-d`, 2],
    [`${ids.toUpperCase()}-1-00f067aa0ba902b7`, 1],
  ])("%s give the ids and priority %s", (b3, priority) => {
    const { context } = single(b3);

    expect(context?.traceIdHex).toBe("640cfd8d00000000abcdefab12345678");
    expect(context?.spanId).toBe("987654321");
    expect(context?.samplingPriority).toBe(priority);
  });

  test("give the parent's id when it is there", () => {
    expect(single(`${ids}-1-000000000000000a`).context?.parentId).toBe("10");
    expect(single(`${ids}-1-0000000000000000`).context).not.toHaveProperty("parentId");
    const several = { "x-b3-traceid": "00000000000000aa", "x-b3-spanid": "00000000000000bb" };
    const parentOf = (parent: string): string | undefined =>
      extract({ ...several, "x-b3-parentspanid": parent }, { extract: ["b3multi"] }).context
        ?.parentId;
    expect(parentOf("000000000000000a")).toBe("10");
    expect(parentOf("malformed")).toBeUndefined();
  });

  test.each([
    "",
    "x",
    "2",
    `${ids}-`,
    `${ids}-x`,
    `${ids}-1-`,
    `${ids}-1-xyz`,
    ids.slice(1),
    `0${ids}`,
  ])("%j give nothing", (b3) => {
    expect(single(b3)).toEqual({ context: null, faults: { "b3:malformed": 1 } });
  });

  test.each([`${"0".repeat(16)}-000000003ade68b1`, `abcdefab12345678-${"0".repeat(16)}`])(
    "with an id of zeros give at most their decision: %s",
    (b3) => {
      expect(single(b3)).toEqual({ context: null, faults: { "b3:all_zero": 1 } });
      expect(single(`${b3}-1`).context).toMatchObject({ traceId: "0", samplingPriority: 1 });
    },
  );

  test("that are absent are no fault", () => {
    expect(extract({ host: "x" }, { extract: ["b3", "b3multi"] })).toEqual({
      context: null,
      faults: {},
    });
  });

  test.each([
    [{ "x-b3-sampled": "1" }, 1],
    [{ "x-b3-sampled": "0" }, 0],
    [{ "x-b3-sampled": "true" }, 1],
    [{ "x-b3-sampled": "False" }, 0],
    [{ "x-b3-flags": "1" }, 2],
    [{ "x-b3-flags": "1", "x-b3-sampled": "0" }, 2],
    [{ "x-b3-flags": "0", "x-b3-sampled": "0" }, 0],
  ])("%j alone mean priority %i without a trace", (headers, priority) => {
    const { context } = extract(headers, { extract: ["b3multi"] });

    expect(context).toMatchObject({ traceId: "0", samplingPriority: priority });
  });

  test.each(["d", "2", "constructor"])("with the state %s keep the ids", (state) => {
    const { context, faults } = extract(
      { "x-b3-traceid": "7b", "x-b3-sampled": state },
      { extract: ["b3multi"] },
    );

    expect(context).toBeNull();
    expect(faults).toEqual({ "x-b3-traceid:malformed": 1, "x-b3-sampled:malformed": 1 });
  });
});

describe("Elastic Beanstalk's header", () => {
  const sqsd = (value: string): Extraction => extract({ "x-aws-sqsd-attr-_datadog": value });

  test("is read when there is no other context", () => {
    expect(sqsd(JSON.stringify({ ...datadog, traceparent: "x" })).context?.traceId).toBe("123");
  });

  test("is not read when Datadog's format is not", () => {
    const { context } = extract(
      { "x-aws-sqsd-attr-_datadog": JSON.stringify({ traceparent }) },
      { extract: ["tracecontext"] },
    );

    expect(context).toBeNull();
  });

  test.each(["", "{", "[]", "null", '"text"', "{}", JSON.stringify({ "x-datadog-trace-id": 123 })])(
    "gives nothing for %s",
    (value) => {
      const { context, faults } = sqsd(value);

      expect(context).toBeNull();
      expect(faults).toEqual(value === "" ? {} : { "x-aws-sqsd-attr-_datadog:malformed": 1 });
    },
  );

  test("is not followed into itself", () => {
    const inner = JSON.stringify(datadog);
    expect(sqsd(JSON.stringify({ "x-aws-sqsd-attr-_datadog": inner })).context).toBeNull();
  });

  test("of more than 16 KiB is not parsed", () => {
    const { context, faults } = sqsd(JSON.stringify({ ...datadog, x: "x".repeat(16_384) }));

    expect(context).toBeNull();
    expect(faults).toEqual({ "x-aws-sqsd-attr-_datadog:too_long": 1 });
  });
});

describe("faults", () => {
  test("reach the handler with header, reason and code, each time they happen", () => {
    const errors: unknown[] = [];
    const propagator = createPropagator({ env: {}, onError: (error) => errors.push(error) });
    const headers = { traceparent, tracestate: "A=1" };

    propagator.extract(headers);
    propagator.extract(headers);

    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({
      name: "InvalidTraceContextError",
      code: "INVALID_TRACE_CONTEXT",
      retryable: false,
      header: "tracestate",
      reason: "malformed",
    } satisfies Partial<InvalidTraceContextError>);
    expect(propagator.faults()).toEqual({ "tracestate:malformed": 2 });
  });

  test("do not get out when the handler throws", () => {
    const propagator = createPropagator({
      env: {},
      onError: () => {
        throw new Error("handler");
      },
    });

    expect(propagator.extract({ traceparent: "x" })).toBeNull();
  });
});

test("contexts are frozen throughout", () => {
  const { context } = extract({
    ...datadog,
    "x-datadog-tags": "_dd.p.dm=-4",
    traceparent,
    tracestate: "a=1",
    baggage: "a=1",
  });

  const parts = [context, context?.tags, context?.baggage, context?.links, context?.links?.[0]];
  const linked = context?.links?.[0];
  for (const part of [...parts, linked?.context, linked?.context.traceState, linked?.attributes]) {
    expect(part).toBeDefined();
    expect(Object.isFrozen(part)).toBe(true);
  }
});
