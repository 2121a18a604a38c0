import { createClient, silentLogger } from "@llmdevops/dd";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** Nobody listens there, neither for traces nor for metrics. */
const gone = {
  service: "shop",
  logger: silentLogger,
  agent: { url: "http://127.0.0.1:1" },
  dogstatsd: { host: "127.0.0.1", port: 1 },
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("with the Agent gone a shutdown ends within its limit, metrics included", async () => {
  const client = createClient({ ...gone, shutdownTimeoutMs: 2_000 });
  client.startSpan("order.place").finish();
  client.increment("orders.placed");
  let isDone = false;
  const start = performance.now();
  const shutdown = client.shutdown().finally(() => {
    isDone = true;
  });

  while (!isDone && performance.now() - start < 10_000) await vi.advanceTimersByTimeAsync(50);

  expect(performance.now() - start).toBeLessThanOrEqual(2_050);
  expect(await shutdown).toMatchObject({ complete: false });
});

test("a limit of 0 waits for nothing, and says that not everything was taken", async () => {
  const client = createClient({ ...gone, shutdownTimeoutMs: 0 });
  client.startSpan("order.place").finish();
  const shutdown = client.shutdown();
  await vi.advanceTimersByTimeAsync(50);

  expect(await shutdown).toMatchObject({ complete: false });
});
