import { setImmediate } from "node:timers/promises";
import { createTracing, type Span, silentLogger } from "@llmdevops/dd-core";
import { startTestAgent } from "@llmdevops/dd-testing";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";

const agent = await startTestAgent();
const tracing = createTracing({
  service: "ledger",
  agent: { url: agent.url },
  logger: silentLogger,
});
afterAll(async () => {
  await tracing.shutdown();
  await agent.stop();
});

const step = fc.oneof(
  fc.record({ act: fc.constant("root" as const) }),
  fc.record({ act: fc.constantFrom("child", "end"), which: fc.nat(30) }),
  fc.record({ act: fc.constantFrom("turn", "inject", "many") }),
);

test("every span arrives once and under its parent, in whatever order spans start and end and turns pass", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      agent.clear();
      const spans: Span[] = [];
      const expected = new Map<string, string>();
      const start = (childOf: Span | null) => {
        const span = tracing.startSpan("work", { childOf });
        spans.push(span);
        expected.set(span.spanId, childOf?.spanId ?? "0");
        return span;
      };
      for (const one of steps) {
        const picked = "which" in one ? spans[one.which % spans.length] : spans.at(-1);
        if (one.act === "root") start(null);
        else if (one.act === "turn") await setImmediate();
        else if (one.act === "many") {
          // Enough for what waits to be encoded when the event loop turns, and with others at once.
          for (let count = 0; count < 70; count += 1) start(null).finish();
        } else if (picked === undefined) continue;
        else if (one.act === "child") start(picked);
        else if (one.act === "inject") tracing.injectContext({}, picked);
        else if (!picked.finished) picked.finish();
        const { created, open, buffered, exported, dropped } = tracing.health().totals;
        expect(created).toBe(open + buffered + exported + dropped);
      }
      for (const span of spans) if (!span.finished) span.finish();
      expect((await tracing.flush()).complete).toBe(true);

      const arrived = agent.spans().map((span) => [String(span.spanId), String(span.parentId)]);
      expect(new Map(arrived as [string, string][])).toEqual(expected);
      expect(arrived).toHaveLength(expected.size);
    }),
    { numRuns: 150 },
  );
}, 60_000);
