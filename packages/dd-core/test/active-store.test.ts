import tracer from "dd-trace";
import { afterAll, expect, test } from "vitest";
import { ActiveStore } from "../src/dd-trace/active-store.ts";
import { startRealTracing } from "./support/real-tracing.ts";

const { intake } = await startRealTracing();
afterAll(() => intake.stop());

const store = ActiveStore.of(tracer);

test("a span that is activated is the one that dd-trace has as active, also after an await", async () => {
  const span = tracer.startSpan("work");

  const look = async (given: string) => {
    const before = tracer.scope().active();
    await Promise.resolve();
    return [given, before, tracer.scope().active(), store?.active()];
  };
  const seen = await store?.activate(span, look, "what is handed on");

  expect(seen).toEqual(["what is handed on", span, span, span]);
  expect([tracer.scope().active(), store?.active()]).toEqual([null, undefined]);
});

test("a span that dd-trace has activated is active here, and is again after a nested one that throws", () => {
  const outer = tracer.startSpan("outer");
  const inner = tracer.startSpan("inner", { childOf: outer });
  const fail = () => {
    throw new Error("ada@example.com");
  };

  tracer.scope().activate(outer, () => {
    expect(() => store?.activate(inner, fail, undefined)).toThrow("ada@example.com");
    expect(store?.active()).toBe(outer);
  });

  expect(JSON.stringify(Reflect.get(inner.context(), "_tags"))).not.toContain("ada@example.com");
});

test("there is none where dd-trace is off or keeps the active span elsewhere", () => {
  expect(ActiveStore.of({})).toBeUndefined();
  expect(ActiveStore.of({ _tracer: { scope: () => ({}) } })).toBeUndefined();
});
