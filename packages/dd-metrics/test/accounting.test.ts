import { createFoundation, silentLogger } from "@llmdevops/dd-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { metricsOver } from "./pipeline-fixture.ts";

type Answer = "sent" | "refused" | "throws" | "too_long" | "twice";

const step = fc.oneof(
  fc.record({
    kind: fc.constantFrom("increment", "gauge", "distribution", "set", "event"),
    value: fc.integer({ min: -5, max: 5 }),
    aggregate: fc.boolean(),
  }),
  fc.constantFrom<Answer>("sent", "refused", "throws", "too_long", "twice"),
  fc.constant("flush" as const),
);

function start(maximumLines: number, answer: () => Answer) {
  const foundation = createFoundation({ service: "s", logger: silentLogger });
  const messages: string[] = [];
  const metrics = metricsOver(
    foundation,
    {
      send(message, done) {
        const next = answer();
        if (next === "throws") throw new Error("torn down");
        if (next === "refused") return done(new Error("refused"));
        if (next === "too_long") return done(Object.assign(new Error("x"), { code: "EMSGSIZE" }));
        messages.push(message);
        done();
        if (next === "twice") done(new Error("late"));
      },
    },
    { maximumBytes: 40, maximumLines },
  );
  return { metrics, messages };
}

test("whatever the transport does, recorded = sent + buffered + dropped, at any moment", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 10 }),
      async (steps, maximumLines) => {
        let answer: Answer = "sent";
        let recorded = 0;
        let counted = 0;
        const { metrics, messages } = start(maximumLines, () => answer);
        const check = () => {
          const counts = metrics.counts();
          const dropped = Object.values(counts.dropped).reduce((sum, calls) => sum + calls, 0);
          expect(counts.recorded).toBe(recorded);
          expect(counts.sent + counts.buffered + dropped).toBe(recorded);
          return dropped;
        };
        for (const next of steps) {
          if (next === "flush") await metrics.flush();
          else if (typeof next === "string") answer = next;
          else {
            recorded += 1;
            const { kind, value, aggregate } = next;
            if (kind === "event") metrics.event("e");
            else {
              metrics[kind as "set"](kind, value, {}, { aggregate });
              if (kind === "increment") counted += value;
            }
          }
          check();
        }
        await metrics.close();
        expect(metrics.counts().buffered).toBe(0);
        if (check() > 0) return;
        const arrived = messages
          .flatMap((message) => message.split("\n"))
          .flatMap((line) => /^increment:(-?\d+)\|c/.exec(line)?.[1] ?? []);
        expect(arrived.reduce((sum, value) => sum + Number(value), 0)).toBe(counted);
      },
    ),
    { numRuns: 100 },
  );
});
