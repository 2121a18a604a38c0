import { createClient, getClient, silentLogger } from "@llmdevops/dd";
import { expect, test, vi } from "vitest";
import { markRegistered } from "../../src/process/process-client.ts";

test("without any client there is one without effect, always the same", async () => {
  const client = getClient();

  expect(getClient()).toBe(client);
  expect(client.health().tracing).toBe("disabled");
  expect(client.trace("work", () => 7)).toBe(7);
  client.increment("orders.placed");
  client.timing("work.duration", 3);
  expect(client.health().metrics.sent).toBe(0);
  await expect(client.flush()).resolves.toMatchObject({ openSpans: 0 });
});

test("the client that was built last is found, until it is shut down", async () => {
  const inert = getClient();
  const own = createClient({ service: "shop", enabled: false, logger: silentLogger });

  expect(getClient()).toBe(own);
  await own.shutdown();
  expect(getClient()).toBe(inert);
});

test("the timer of a registered client ends when code builds one, that of another client does not", async () => {
  vi.useFakeTimers();
  try {
    const build = () => createClient({ service: "shop", enabled: false, logger: silentLogger });
    const timersOf = (before: () => void) => {
      before();
      const count = vi.getTimerCount();
      build();
      return vi.getTimerCount() - count;
    };
    const added = timersOf(() => build());

    expect(timersOf(() => markRegistered(build()))).toBe(added - 1);
  } finally {
    vi.useRealTimers();
  }
});
