import fileSystem, {
  appendFileSync,
  createReadStream,
  readFile as fileCallback,
  readFileSync,
} from "node:fs";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
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

const here = fileURLToPath(import.meta.url);

/** Ways to read a file, taken before any fault is on. */
const reads: readonly (readonly [string, () => unknown])[] = [
  ["a promise", () => readFile(here)],
  ["a callback", () => new Promise((resolve) => fileCallback(here, resolve))],
  ["promisify", () => promisify(fileCallback)(here)],
  ["a blocking call", () => readFileSync(here)],
  ["a stream", () => text(createReadStream(here))],
];

test.each(reads)(
  "a slow disk delays %s that was imported before, until it is healed",
  async (_way, read) => {
    const faults = await injectFaults({ disk: { delayMs: 40 } });
    onTestFinished(() => faults.heal());

    const began = performance.now();
    const content = await read();
    const took = performance.now() - began;

    expect(content).toBeDefined();
    expect(took).toBeGreaterThan(35);
  },
);

test("a slow disk delays the methods of a file handle, and each call once", async () => {
  const directory = await mkdtemp(join(tmpdir(), "slow-disk-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "file");
  const handle = await open(path, "w+");
  const faults = await injectFaults({ disk: { delayMs: 60 } });
  const waits = vi.spyOn(Atomics, "wait");
  const began = performance.now();
  await handle.appendFile("one");
  const took = performance.now() - began;
  // Node's appendFileSync calls writeFileSync.
  appendFileSync(path, "two");
  await faults.heal();
  await handle.close();

  expect(took).toBeGreaterThan(55);
  expect(waits).toHaveBeenCalledTimes(1);
  waits.mockRestore();
  expect(readFileSync(path, "utf8")).toBe("onetwo");
});

test("a healed disk has the functions it had, with what hangs on them", async () => {
  const before = { ...fileSystem };
  const prototype = async (): Promise<object> => {
    const handle = await open(here);
    await handle.close();
    return Object.getPrototypeOf(handle) as object;
  };
  const methods = Object.getOwnPropertyDescriptors(await prototype());

  const faults = await injectFaults({ disk: { delayMs: 1 } });
  const during = fileSystem.readFileSync;
  await faults.heal();

  expect(during).not.toBe(before.readFileSync);
  expect({ ...fileSystem }).toEqual(before);
  expect(fileSystem.readFile).toBe(before.readFile);
  expect(Object.getOwnPropertyDescriptors(await prototype())).toEqual(methods);
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
