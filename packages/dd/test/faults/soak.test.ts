import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { LinkReport } from "@llmdevops/dd-core";
import { type FailMode, startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { expect, test } from "vitest";
import { printTable } from "./fixtures/run-application.ts";

/** Twenty seconds by default; 600 for the ten minutes that a release is judged by. */
const seconds = Number(process.env["LLMDEVOPS_SOAK_SECONDS"] ?? 20);
const perSecond = 300;
const application = fileURLToPath(new URL("fixtures/soak-application.mjs", import.meta.url));

const faults: readonly FailMode[] = [
  503,
  429,
  "refuse",
  "reset",
  { mode: "stall", ms: 1000 },
  { mode: "slow", ms: 500 },
  "half-close",
  "garbage",
  "wrong-content-length",
];

interface Sample {
  readonly memory: number;
  readonly resources: number;
  readonly unaccounted: number;
  readonly unmade: number;
}

interface SoakReport {
  readonly made: number;
  readonly complete: boolean;
  readonly samples: readonly Sample[];
  readonly link: LinkReport;
}

/** A generator with a seed, so that a failing history can be run again (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Switches random faults on and off until then, and collects what arrives. */
async function disturb(agent: TestAgent, seed: number, untilMs: number): Promise<string[]> {
  const random = randomNumbers(seed);
  const arrived: string[] = [];
  while (performance.now() < untilMs) {
    const fault = faults[Math.floor(random() * faults.length)] ?? null;
    await agent.fail(random() < 0.5 ? null : fault);
    await delay(200 + random() * 1800);
    arrived.push(...agent.spans().map(({ spanId }) => spanId));
    agent.clear();
  }
  await agent.fail(null);
  return arrived;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

test(`${seconds} s of load and random faults leave no growth and no span unaccounted for`, {
  timeout: seconds * 1000 + 60_000,
}, async () => {
  const agent = await startTestAgent();
  const seed = Number(process.env["LLMDEVOPS_SOAK_SEED"] ?? 20_261_121);
  const options = {
    buffer: { maxSpans: 500 },
    delivery: { retryBaseMs: 200, retryCapMs: 1_000, breakerOpenMs: 1_000, responseTimeoutMs: 700 },
  };
  const plan = JSON.stringify({ seconds, perSecond, options });
  const child = spawn(
    process.execPath,
    ["--expose-gc", "--conditions=@llmdevops/source", application, plan],
    { env: { ...process.env, ...agent.env }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const disturbing = disturb(agent, seed, performance.now() + seconds * 1000);
  await once(child, "close");
  const arrived = await disturbing;
  arrived.push(...agent.spans().map(({ spanId }) => spanId));
  await agent.stop();

  const { made, samples, link } = JSON.parse(output) as SoakReport;
  const dropped = Object.values(link.dropped).reduce((sum, count) => sum + count, 0);
  const quarter = Math.floor(samples.length / 4);
  const early = samples.slice(quarter, 2 * quarter);
  const late = samples.slice(-quarter);
  const memory = (part: readonly Sample[]) => median(part.map((one) => one.memory)) / 2 ** 20;
  const resources = (part: readonly Sample[]) => Math.max(...part.map((one) => one.resources));
  printTable(`${seconds} s of random faults, seed ${seed}`, [
    {
      created: made,
      arrived: arrived.length,
      dropped: JSON.stringify(link.dropped),
      unconfirmed: link.unconfirmed,
      requests: link.attempts,
      "memory early (MiB)": memory(early).toFixed(2),
      "memory late (MiB)": memory(late).toFixed(2),
      "handles early": resources(early),
      "handles late": resources(late),
    },
  ]);
  expect(samples.filter(({ unaccounted, unmade }) => unaccounted !== 0 || unmade !== 0)).toEqual(
    [],
  );
  expect(new Set(arrived).size).toBe(arrived.length);
  expect(arrived.length + dropped).toBe(made);
  expect(resources(late)).toBeLessThanOrEqual(resources(early) + 4);
  // Compiled code and caches still settle in that time; a leak of one span would be 30 MiB in ten.
  expect(memory(late)).toBeLessThanOrEqual(memory(early) + 3);
});
