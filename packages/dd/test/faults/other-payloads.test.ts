import { setTimeout as delay } from "node:timers/promises";
import { type FailMode, startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { describe, type TestContext, test } from "vitest";
import { arrivals, startApplication } from "./fixtures/run-application.ts";

/** Runs beside other tests, so each has an Agent of its own. */
async function withAgent(finished: TestContext["onTestFinished"]): Promise<TestAgent> {
  const agent = await startTestAgent();
  finished(() => agent.stop());
  return agent;
}

describe.concurrent("LLM Observability events and evaluations", () => {
  test.for<readonly [string, FailMode]>([
    ["503", 503],
    ["refused connections", "refuse"],
    ["half-closed sockets", "half-close"],
    ["stalls", { mode: "stall", ms: 1000 }],
  ])(
    "all arrive once after two seconds of %s",
    async ([_name, mode], { expect, onTestFinished }) => {
      const agent = await withAgent(onTestFinished);
      await agent.fail(mode);
      const application = startApplication(agent, {
        spans: 0,
        llmobs: 2500,
        options: { flushTimeoutMs: 25_000, shutdownTimeoutMs: 25_000 },
      });
      await application.started;
      await delay(2000);
      await agent.fail(null);
      const { code, health } = await application.ended;

      const events = new Set(agent.llmobsSpans().map(({ spanId }) => spanId));
      const evaluations = new Set(agent.evaluations().map(({ timestampMs }) => timestampMs));
      expect(code).toBe(0);
      expect([agent.llmobsSpans().length, events.size]).toEqual([2500, 2500]);
      expect([agent.evaluations().length, evaluations.size]).toEqual([2500, 2500]);
      expect(arrivals(agent)).toEqual({ received: 2500, duplicates: 0 });
      expect(health?.link).toMatchObject({ accepted: 7500, dropped: {}, buffered: 0 });
    },
  );
});

test.concurrent("traces of protocol 0.5 arrive too, also when the process ends", async ({
  expect,
  onTestFinished,
}) => {
  const agent = await withAgent(onTestFinished);
  const old = { env: { ...agent.env, DD_TRACE_AGENT_PROTOCOL_VERSION: "0.5" } };
  await agent.fail(503, { times: 2 });
  const { code } = await startApplication(old, { spans: 300 }).ended;
  const options = { delivery: { exitTimeoutMs: 10_000 } };
  await startApplication(old, { end: "process.exit", spans: 200, options }).ended;

  expect(code).toBe(0);
  expect(arrivals(agent)).toEqual({ received: 500, duplicates: 0 });
  const paths = agent.requests().flatMap(({ path }) => (path.endsWith("/traces") ? [path] : []));
  expect(new Set(paths)).toEqual(new Set(["/v0.5/traces"]));
});

// Not beside others: the Agent must answer within the time limits once the loop goes on.
test("an event loop that stands still longer than every time limit costs nothing", async ({
  expect,
  onTestFinished,
}) => {
  const agent = await withAgent(onTestFinished);
  const { health } = await startApplication(agent, {
    blockMs: 2500,
    options: { delivery: { connectTimeoutMs: 1000, responseTimeoutMs: 1000 } },
  }).ended;

  expect(arrivals(agent)).toEqual({ received: 500, duplicates: 0 });
  expect(health?.link).toMatchObject({ delivered: 500, unconfirmed: 0, failures: {} });
});
