import { afterAll, expect, test, vi } from "vitest";
import { startRealTracing } from "../support/real-tracing.ts";

let now = 1_000;
vi.spyOn(performance, "now").mockImplementation(() => now);

const { tracing, intake } = await startRealTracing({
  sampling: { rate: 1, rules: [{ name: "always", sampleRate: 1 }], targetTracesPerSecond: 5 },
});
afterAll(() => intake.stop());

function isKept(name: string): boolean {
  const span = tracing.startSpan(name);
  tracing.injectContext({}, span);
  const decision = tracing.samplingDecision(span);
  span.finish();
  return decision?.isKept === true;
}

test("a burst lowers dd-trace's own rate to the target, and rules go on as before", () => {
  let kept = 0;
  for (let trace = 0; trace < 4_000; trace++) {
    now += 2;
    const isCounted = trace >= 2_000;
    if (isKept("busy") && isCounted) kept += 1;
  }

  // 500 traces a second for 4 s more: 20 of 2,000 to keep, decided by random ids.
  expect(kept).toBeGreaterThan(2);
  expect(kept).toBeLessThan(60);
  expect(isKept("always")).toBe(true);
  expect(tracing.diagnostics.counts()).toEqual({});
});

test("a decision by the lowered rate names it and is no rule's", () => {
  const span = tracing.startSpan("busy");
  tracing.injectContext({}, span);

  expect(tracing.samplingDecision(span)).toMatchObject({ reason: "rate" });
  expect(tracing.samplingDecision(span)?.rate).toBeCloseTo(0.01, 2);
});
