import { afterAll, describe, expect, test, vi } from "vitest";
import type { Span } from "../../src/index.ts";
import { held, startRealTracing } from "../support/real-tracing.ts";

const { tracing, intake, counted } = await startRealTracing({
  sampling: {
    rate: 0,
    rules: [
      { name: "health.*", sampleRate: 0 },
      { service: "payments", sampleRate: 1 },
      { name: "kept.*", sampleRate: 1 },
      { resource: "POST /orders", sampleRate: 1 },
      { tags: { tier: "gold" }, sampleRate: 1 },
    ],
    spanRules: [{ name: "audited", sampleRate: 1 }],
  },
});
afterAll(() => intake.stop());

/** Writing the context makes the tracer decide. */
function decided(span: Span) {
  tracing.injectContext({}, span);
  return tracing.samplingDecision(span);
}

describe("the decision about a trace", () => {
  test("is open until the context is written, and reading it decides nothing", () => {
    const span = tracing.startSpan("open");

    const open = { isKept: undefined, priority: undefined, rate: undefined, reason: "undecided" };
    expect(tracing.samplingDecision(span)).toEqual(open);
    expect(tracing.samplingDecision(span)).toEqual(open);
    expect(decided(span)).toEqual({ isKept: false, priority: -1, rate: 0, reason: "rate" });
    span.finish();
  });

  test("follows the first rule that matches service, name, resource or tags", () => {
    const kept = { isKept: true, priority: 2, rate: 1, reason: "rule" };
    const matching = [
      tracing.startSpan("a", { service: "payments" }),
      tracing.startSpan("kept.one"),
      tracing.startSpan("b", { resource: "POST /orders" }),
      tracing.startSpan("c", { tags: { tier: "gold" } }),
    ];

    expect(matching.map(decided)).toEqual([kept, kept, kept, kept]);
    expect(decided(tracing.startSpan("health.live", { service: "payments" }))?.isKept).toBe(false);
  });

  test("is the parent's where another process has taken it", () => {
    const parent = (priority: string) =>
      tracing.extractContext({
        "x-datadog-trace-id": "7",
        "x-datadog-parent-id": "8",
        "x-datadog-sampling-priority": priority,
      });
    const kept = tracing.startSpan("local", { childOf: parent("1") });
    const dropped = tracing.startSpan("kept.local", { childOf: parent("0") });

    expect(decided(kept)).toMatchObject({ isKept: true, priority: 1, reason: "parent" });
    expect(decided(dropped)).toMatchObject({ isKept: false, priority: 0, reason: "parent" });
  });

  test("is shared by all spans of the trace, also as the active span's", () => {
    const root = tracing.startSpan("kept.root");
    const child = tracing.startSpan("child", { childOf: root });
    decided(child);

    expect(tracing.withSpan(root, () => tracing.samplingDecision())).toMatchObject({
      isKept: true,
      reason: "rule",
    });
    expect(tracing.samplingDecision()).toBeUndefined();
  });

  test("of what is no span is none, which is counted", () => {
    const counts = counted(() => {
      expect(tracing.samplingDecision({} as Span)).toBeUndefined();
    });
    expect(counts).toEqual({ invalid_span: 1 });
  });
});

describe("a trace is kept at a rate of 0", () => {
  test("when one of its spans fails, also after the decision to drop it", () => {
    const early = tracing.startSpan("early").setError(new Error("failed"));
    const late = tracing.startSpan("late");
    expect(decided(late)?.isKept).toBe(false);
    tracing.startSpan("child", { childOf: late }).setError(new Error("failed")).finish();
    const flagged = tracing.startSpan("flagged").setTag("error", true);

    const kept = { isKept: true, priority: 2, reason: "error" };
    for (const span of [early, late, flagged]) {
      expect(tracing.samplingDecision(span)).toMatchObject(kept);
    }
  });

  test("when the error was handled only by a rule", () => {
    const span = tracing.startSpan("handled").setError(new Error("retried"), { handled: true });

    expect(decided(span)?.isKept).toBe(false);
  });

  test("for its LLM and agent spans, and where a span asks for it", () => {
    const reasons = [
      tracing.startSpan("a", { keep: true, llmobs: { kind: "llm" } }),
      tracing.startSpan("b", { keep: true, llmobs: { kind: "agent" } }),
      tracing.startSpan("c", { keep: true }),
    ].map((span) => tracing.samplingDecision(span));

    expect(reasons.map((decision) => decision?.reason)).toEqual(["llm", "agent", "manual"]);
    expect(reasons.every((decision) => decision?.isKept)).toBe(true);
  });

  test("but not when somebody has dropped it by hand", () => {
    const span = tracing.startSpan("dropped").setTag("manual.drop", true);
    span.setError(new Error("failed"));

    expect(tracing.samplingDecision(span)).toMatchObject({ isKept: false, reason: "manual" });
  });
});

test("a single span is kept by a span rule where its trace is dropped", async () => {
  const root = tracing.startSpan("root");
  const audited = tracing.startSpan("audited", { childOf: root });
  const other = tracing.startSpan("other", { childOf: root });
  const mark = (span: Span) => held(span, "_spanContext", "_spanSampling");
  for (const span of [audited, other, root]) span.finish();

  expect(tracing.samplingDecision(root)?.isKept).toBe(false);
  await vi.waitFor(() => expect(mark(audited)).toMatchObject({ sampleRate: 1 }));
  expect(mark(other)).toBeUndefined();
});
