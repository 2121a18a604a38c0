import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  injectFaults,
  type ProviderServer,
  startProviderServer,
  startTestAgent,
  type TestAgent,
} from "../../src/index.ts";

let agent: TestAgent;
let provider: ProviderServer;
beforeAll(async () => {
  [agent, provider] = await Promise.all([startTestAgent(), startProviderServer()]);
});
afterAll(() => Promise.all([agent.stop(), provider.stop()]));

const ask = () =>
  fetch(`${provider.baseUrls.anthropic}/v1/messages`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-api-key": "test",
      "anthropic-version": "2023-06-01",
    },
    body: JSON.stringify({
      model: "m",
      max_tokens: 1,
      messages: [{ role: "user", content: "hi" }],
    }),
  });
const info = async (url: string) => (await fetch(`${url}/info`)).status;

test("agent, provider and clock fail until they are healed", async () => {
  const faults = await injectFaults({
    agent: { target: agent, mode: 503 },
    provider: { target: provider, reply: { error: { kind: "overloaded" } } },
    clock: { jumpMs: -86_400_000 },
  });
  const during = [await info(agent.url), (await ask()).status];
  const jumped = Date.now() < performance.timeOrigin;
  await faults.heal();
  await faults.heal();

  expect(during).toEqual([503, 529]);
  expect(jumped).toBe(true);
  expect([await info(agent.url), (await ask()).status]).toEqual([200, 200]);
  expect(Date.now()).toBeGreaterThan(performance.timeOrigin);
});

test("a bad network delays what goes through it, and cuts connections", async () => {
  const slow = await injectFaults({ network: { target: agent.url, latencyMs: 30 } });
  const began = performance.now();
  expect(await info(slow.networkUrl ?? "")).toBe(200);
  expect(performance.now() - began).toBeGreaterThan(55);
  await slow.heal();
  const cut = await injectFaults({ network: { target: agent.url, cutAfterBytes: 10 } });
  await expect(info(cut.networkUrl ?? "")).rejects.toThrow("fetch failed");
  await cut.heal();
});

test("a slow disk delays functions that were imported before", async () => {
  const before = readFile;
  const faults = await injectFaults({ disk: { delayMs: 40 } });
  const began = performance.now();
  await readFile(new URL(import.meta.url));
  const took = performance.now() - began;
  await faults.heal();

  expect(took).toBeGreaterThan(35);
  expect(readFile).toBe(before);
});

test("a plan that cannot be carried out leaves nothing switched on", async () => {
  const now = Date.now;
  await expect(
    injectFaults({ clock: { jumpMs: 5 }, agent: { target: agent, mode: "unheard of" as never } }),
  ).rejects.toThrow(TypeError);
  await expect(injectFaults({ clock: { jumpMs: Number.NaN } })).rejects.toThrow(RangeError);
  await expect(injectFaults({ disk: { delayMs: -1 } })).rejects.toThrow(RangeError);

  expect(Date.now).toBe(now);
  expect(await info(agent.url)).toBe(200);
});
