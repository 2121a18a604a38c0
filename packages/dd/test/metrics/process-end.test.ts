import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const application = fileURLToPath(new URL("fixtures/counting-application.mjs", import.meta.url));
let agent: TestAgent;

beforeEach(async () => {
  agent = await startTestAgent();
});
afterEach(() => agent.stop());

async function run(
  plan: { readonly end: string; readonly flushFirst?: boolean; readonly series?: number },
  signal?: NodeJS.Signals,
): Promise<readonly unknown[]> {
  const child = spawn(
    process.execPath,
    ["--conditions=@llmdevops/source", application, JSON.stringify(plan)],
    {
      env: { ...process.env, ...agent.env, NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const closed = once(child, "close");
  if (signal !== undefined) {
    await once(child.stdout, "data");
    child.kill(signal);
  }
  return closed;
}

/** The sum of the counts, the number of values of the distribution, and of different values of the set. */
function arrived(): readonly [number, number, number] {
  const values = (name: string) =>
    agent.metrics().flatMap((metric) => (metric.name === name ? metric.values : []));
  const sum = values("calls").reduce<number>((total, value) => total + Number(value), 0);
  return [sum, values("calls.number").length, new Set(values("calls.set")).size];
}

const all = [500, 500, 500];

describe("500 of 500 calls of each kind arrive, and the process ends as it would have", () => {
  test.for([
    ["natural end", 0],
    ["process.exit", 3],
    ["uncaught exception", 1],
  ] as const)("%s", async ([end, status]) => {
    expect(await run({ end })).toEqual([status, null]);

    await expect.poll(arrived).toEqual(all);
  });

  test("SIGTERM", async () => {
    expect(await run({ end: "wait" }, "SIGTERM")).toEqual([null, "SIGTERM"]);

    await expect.poll(arrived).toEqual(all);
  });

  test("also those of 5,000 series more, whose datagrams leave one after the other", async () => {
    expect(await run({ end: "process.exit", series: 5_000 })).toEqual([3, null]);

    await expect.poll(arrived).toEqual(all);
    const gauges = () => agent.metrics().filter(({ name }) => name.startsWith("calls.gauge"));
    await expect.poll(() => gauges().length).toBe(5_000);
  });

  test("and none twice, where a flush is under way", async () => {
    expect(await run({ end: "process.exit", flushFirst: true })).toEqual([3, null]);

    await expect.poll(arrived).toEqual(all);
  });
});
