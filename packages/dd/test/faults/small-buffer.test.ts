import { startTestAgent } from "@llmdevops/dd-testing";
import { test } from "vitest";
import { arrivals, printTable, startApplication } from "./fixtures/run-application.ts";

// The minute at full length, with latencies and memory, is bench/agent-gone.ts of dd-core.
test.concurrent("an Agent gone for too long costs exactly the oldest spans, and the sum is right", async ({
  expect,
}) => {
  const agent = await startTestAgent();
  await agent.fail("refuse");
  const application = startApplication(agent, {
    spans: 8000,
    seconds: 8,
    end: "stay",
    options: { buffer: { maxSpans: 3000 } },
  });
  await application.ready;
  await agent.fail(null);
  application.child.kill("SIGTERM");
  await application.ended;

  const { received, duplicates } = arrivals(agent);
  const numbers = agent.spans().map(({ metrics }) => metrics["number"] ?? Number.NaN);
  printTable("8,000 spans while the Agent is gone, a buffer of 3,000", [
    { received, duplicates, oldest: Math.min(...numbers), newest: Math.max(...numbers) },
  ]);
  await agent.stop();
  expect(duplicates).toBe(0);
  // What is in dd-trace's encoder, at most one interval of two seconds, is not in the buffer yet.
  expect(received).toBeGreaterThanOrEqual(3000);
  expect(received).toBeLessThanOrEqual(5100);
  // Without a gap: the newest have come, the oldest are gone.
  expect([Math.min(...numbers), Math.max(...numbers)]).toEqual([8000 - received, 7999]);
}, 60_000);

test.concurrent("received, dropped and created add up when the Agent comes back", async ({
  expect,
}) => {
  const agent = await startTestAgent();
  await agent.fail("refuse");
  const application = startApplication(agent, {
    spans: 6000,
    seconds: 6,
    options: { buffer: { maxSpans: 1000 } },
  });
  await application.started;
  setTimeout(() => void agent.fail(null), 5000);
  const { health } = await application.ended;

  const { received, duplicates } = arrivals(agent);
  const dropped = health?.link?.dropped["buffer_full"] ?? 0;
  printTable("6,000 spans, the Agent gone for 5 s, a buffer of 1,000", [
    { received, duplicates, dropped },
  ]);
  await agent.stop();
  expect(duplicates).toBe(0);
  expect(dropped).toBeGreaterThan(0);
  expect(received + dropped).toBe(6000);
}, 60_000);
