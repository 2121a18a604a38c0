import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTracing, type Span, silentLogger } from "../src/index.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Action =
  | { readonly act: "start"; readonly timeoutMs?: number | undefined; readonly throws: boolean }
  | { readonly act: "finish" | "change"; readonly which: number }
  | { readonly act: "trace" | "reject" }
  | { readonly act: "wait"; readonly ms: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    act: fc.constant("start" as const),
    timeoutMs: fc.option(fc.integer({ min: -1_000, max: 5_000 }), { nil: undefined }),
    throws: fc.boolean(),
  }),
  fc.record({ act: fc.constantFrom("finish" as const, "change" as const), which: fc.nat(50) }),
  fc.record({ act: fc.constantFrom("trace" as const, "reject" as const) }),
  fc.record({ act: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 4_000 }) }),
);

test("created = finished + open at any moment of any history", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (history) => {
      const tracing = createTracing({ service: "checkout", enabled: false, logger: silentLogger });
      const spans: Span[] = [];
      let traced = 0;
      const agrees = (): void => {
        const { created, finished, open, timedOut } = tracing.health().spans;
        expect(created).toBe(finished + open);
        expect(created).toBe(spans.length + traced);
        expect(open).toBe(spans.filter((span) => !span.finished).length);
        expect(timedOut).toBe(spans.filter((span) => span.getTag("timeout") === true).length);
      };
      for (const step of history) {
        if (step.act === "start") {
          const hook = (): void => {
            if (step.throws) throw new Error("hook");
          };
          const limit = step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs };
          spans.push(tracing.startSpan("s", { ...limit, onFinish: hook }));
        } else if (step.act === "finish") spans[step.which % spans.length]?.finish();
        else if (step.act === "change") spans[step.which % spans.length]?.setTag("a", 1);
        else if (step.act === "wait") vi.advanceTimersByTime(step.ms);
        else {
          traced += 1;
          const fails = step.act === "reject";
          await tracing
            .trace("t", async () => {
              if (fails) throw new Error("rejected");
            })
            .catch(() => {});
        }
        agrees();
      }
    }),
    { numRuns: 150 },
  );
});
