import { describe, expect, test } from "vitest";
import { groupTraces } from "../../src/agent/traces/group-traces.ts";
import type { ReceivedSpan } from "../../src/agent/traces/received-span.ts";

function span(traceId: string, name: string, start: bigint, high = "0"): ReceivedSpan {
  return {
    traceId,
    traceIdHex: high.padStart(16, "0") + BigInt(traceId).toString(16).padStart(16, "0"),
    spanId: "1",
    parentId: "0",
    name,
    service: "",
    resource: "",
    type: "",
    start,
    durationMs: 0,
    error: 0,
    meta: {},
    metrics: {},
  };
}

describe("groupTraces", () => {
  test("joins spans of one trace whatever order they came in, ordered by start", () => {
    const traces = groupTraces([
      span("7", "late", 30n),
      span("8", "other", 5n),
      span("7", "early", 10n),
      span("7", "middle", 20n),
    ]);

    expect(traces.map(({ traceId, spans }) => [traceId, spans.map(({ name }) => name)])).toEqual([
      ["7", ["early", "middle", "late"]],
      ["8", ["other"]],
    ]);
  });

  test("keeps the order of arrival for spans that start together", () => {
    const [trace] = groupTraces([span("7", "first", 1n), span("7", "second", 1n)]);

    expect(trace?.spans.map(({ name }) => name)).toEqual(["first", "second"]);
  });

  test("takes the upper half of the id from the chunk that has it", () => {
    const [trace] = groupTraces([span("7", "peer", 1n), span("7", "root", 2n, "6b00")]);

    expect(trace?.traceIdHex).toBe("0000000000006b000000000000000007");
  });
});
