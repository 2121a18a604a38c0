import { setTimeout as delay } from "node:timers/promises";
import { type FailMode, startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, describe, test } from "vitest";
import { arrivals, printTable, startApplication } from "./fixtures/run-application.ts";

const faults: readonly (readonly [name: string, mode: FailMode | null])[] = [
  ["none", null],
  ["503", 503],
  ["429", 429],
  ["refused", "refuse"],
  ["reset", "reset"],
  ["3-second stalls", { mode: "stall", ms: 3000 }],
  ["slow answers", { mode: "slow", ms: 3000 }],
  ["half-closed sockets", "half-close"],
  ["garbage answers", "garbage"],
  ["wrong content length", "wrong-content-length"],
];

const rows: Record<string, unknown>[] = [];

afterAll(() => {
  printTable("2,000 spans over 10 s, the Agent at fault for the first 6 s", rows);
});

describe("a fault of the Agent for 6 of 10 seconds", () => {
  test.concurrent.for(faults)(
    "%s: every span arrives, and none twice",
    { timeout: 60_000 },
    async ([name, mode], { expect }) => {
      const agent = await startTestAgent();
      try {
        await agent.fail(mode);
        const application = startApplication(agent, { spans: 2000, seconds: 10 });
        await application.started;
        await delay(6000);
        await agent.fail(null);
        const { code, health } = await application.ended;

        const { received, duplicates } = arrivals(agent);
        const link = health?.link;
        rows.push({
          fault: name,
          received,
          duplicates,
          delivered: link?.delivered,
          unconfirmed: link?.unconfirmed,
          dropped: JSON.stringify(link?.dropped),
          requests: link?.attempts,
        });
        expect({ code, received, duplicates, dropped: link?.dropped }).toEqual({
          code: 0,
          received: 2000,
          duplicates: 0,
          dropped: {},
        });
        expect(link?.accepted).toBe((link?.delivered ?? 0) + (link?.unconfirmed ?? 0));
      } finally {
        await agent.stop();
      }
    },
  );
});
