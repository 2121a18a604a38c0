import { createMetrics } from "@llmdevops/dd-metrics";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeMixedCalls, type Totals } from "./mixed-calls.ts";

let agent: TestAgent;

beforeEach(async () => {
  agent = await startTestAgent();
});
afterEach(() => agent.stop());

function received(): Totals {
  const counts: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const unique = new Map<string, Set<unknown>>();
  const samples: Record<string, [number, number]> = {};
  for (const { name, type, values } of agent.metrics()) {
    for (const value of values) {
      const number = Number(value);
      if (type === "c") counts[name] = (counts[name] ?? 0) + number;
      else if (type === "g") gauges[name] = number;
      else if (type === "s") unique.set(name, (unique.get(name) ?? new Set()).add(value));
      else {
        const [calls, sum] = samples[name] ?? [0, 0];
        samples[name] = [calls + 1, sum + number];
      }
    }
  }
  const sets = Object.fromEntries([...unique].map(([name, { size }]) => [name, size]));
  return { counts, gauges, sets, samples };
}

test("100,000 mixed calls arrive exactly", async () => {
  const metrics = createMetrics({
    service: "mixed",
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
  });

  const expected = makeMixedCalls(metrics, ["c", "g", "s", "h", "d", "ms"]);
  await metrics.close();
  await expect.poll(received, { timeout: 10_000 }).toEqual(expected);

  const { recorded, sent, buffered, dropped } = metrics.counts();
  expect({ recorded, sent, buffered, dropped }).toEqual({
    recorded: 100_000,
    sent: 100_000,
    buffered: 0,
    dropped: {},
  });
  expect(agent.rejections()).toEqual([]);
});

test("the mix of an application that calls models needs at least 500 times fewer datagrams", async () => {
  const metrics = createMetrics({
    service: "mixed",
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
  });

  const expected = makeMixedCalls(metrics, ["c", "d", "c", "d", "c", "g", "c", "d", "c", "d"]);
  await metrics.close();
  await expect.poll(received, { timeout: 10_000 }).toEqual(expected);

  expect(metrics.counts().datagrams).toBeLessThanOrEqual(200);
});
