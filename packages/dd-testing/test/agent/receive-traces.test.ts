import { describe, expect, test } from "vitest";
import { receiveTraces } from "../../src/agent/traces/receive-traces.ts";
import { emptyWireSpan, type WireSpan } from "../../src/agent/traces/wire-span.ts";

function span(fields: Partial<WireSpan> = {}): WireSpan {
  return { ...emptyWireSpan(), traceId: 1n, spanId: 2n, name: "work", ...fields };
}

function meta(tags: Record<string, string>): Partial<WireSpan> {
  return { meta: new Map(Object.entries(tags)) };
}

describe("traces the Agent throws away", () => {
  test.each([
    ["trace_id is 0", [span({ traceId: 0n })]],
    ['span_id of "work" is 0', [span(), span({ spanId: 0n })]],
    ["the trace holds spans of another trace_id", [span(), span({ traceId: 5n })]],
  ])("are dropped and reported: %s", (reason, trace) => {
    const received = receiveTraces([trace, [span({ spanId: 9n })]]);

    expect(received.dropped).toEqual([`traces[0]: ${reason}`]);
    expect(received.spans.map((item) => item.span.spanId)).toEqual(["9"]);
  });
});

describe("span events in the tag events", () => {
  test("are read when there are no native ones", () => {
    const events = '[{"name":"retry","time_unix_nano":1795226732877147600,"attributes":{"n":1}}]';

    const received = receiveTraces([[span(meta({ events }))]]).spans[0]?.span;

    expect(received?.spanEvents).toEqual([
      { name: "retry", timeUnixNano: 1_795_226_732_877_147_648n, attributes: { n: 1 } },
    ]);
    expect(received?.meta["events"]).toBe(events);
  });

  test("do not replace native ones", () => {
    const native = [{ name: "native", timeUnixNano: 1n, attributes: {} }];

    const received = receiveTraces([
      [span({ ...meta({ events: '[{"name":"json"}]' }), spanEvents: native })],
    ]);

    expect(received.spans[0]?.span.spanEvents).toEqual(native);
  });

  test.each([
    ["no JSON", "[{", undefined],
    ["no array", "{}", undefined],
    ["no objects", "[1,null]", []],
    [
      "odd members",
      '[{"time_unix_nano":"soon","attributes":[]}]',
      [{ name: "undefined", timeUnixNano: 0n, attributes: {} }],
    ],
  ])("are harmless as %s", (_name, events, expected) => {
    const received = receiveTraces([[span(meta({ events }))]]);

    expect(received.spans[0]?.span.spanEvents).toEqual(expected);
  });
});

describe("span links in the tag _dd.span_links", () => {
  test("are read with 128-bit ids", () => {
    const links = JSON.stringify([
      {
        trace_id: "6b00fc6c000000004037e9f11097ca24",
        span_id: "ffffffffffffffff",
        attributes: { reason: "handoff", n: 1 },
        tracestate: "dd=s:1",
        flags: 1,
      },
    ]);

    expect(
      receiveTraces([[span(meta({ "_dd.span_links": links }))]]).spans[0]?.span.spanLinks,
    ).toEqual([
      {
        traceId: "4627424363721247268",
        traceIdHex: "6b00fc6c000000004037e9f11097ca24",
        spanId: "18446744073709551615",
        attributes: { reason: "handoff", n: "1" },
        tracestate: "dd=s:1",
        flags: 1,
      },
    ]);
  });

  test("are harmless with ids that are no hex", () => {
    const links = '[{"trace_id":"zz","span_id":7}]';

    expect(
      receiveTraces([[span(meta({ "_dd.span_links": links }))]]).spans[0]?.span.spanLinks,
    ).toEqual([{ traceId: "0", traceIdHex: "0".repeat(32), spanId: "0", attributes: {} }]);
  });
});
