import { networkInterfaces } from "node:os";
import { PerformanceObserver } from "node:perf_hooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMetrics } from "../src/index.ts";
import { startReceiver } from "./datagram-receiver.ts";
import { startClient, startMetrics } from "./metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("createMetrics", () => {
  test("needs the name of the service", () => {
    expect(() => createMetrics()).toThrow(
      expect.objectContaining({ name: "MissingServiceNameError" }),
    );
  });

  test("refuses an address that cannot be used", () => {
    expect(() => createMetrics({ service: "s", dogstatsd: { port: 0 } })).toThrow(
      expect.objectContaining({ name: "InvalidAgentHostError" }),
    );
  });

  test.each([49, 60_001, Number.NaN, "1000ms" as unknown as number])(
    "refuses a flush interval of %s",
    (flushIntervalMs) => {
      expect(() => createMetrics({ service: "s", flushIntervalMs })).toThrow(
        expect.objectContaining({ name: "ConfigurationError" }),
      );
    },
  );

  test.each([50, 60_000])("accepts a flush interval of %s", async (flushIntervalMs) => {
    await createMetrics({ service: "s", flushIntervalMs }).close();
  });

  test("sends where the environment says, with the environment's identity", async () => {
    const receiver = await startReceiver();
    vi.stubEnv("DD_DOGSTATSD_URL", `udp://127.0.0.1:${receiver.port}`);
    vi.stubEnv("DD_SERVICE", "from-environment");
    vi.stubEnv("DD_ENV", "prod");
    const metrics = createMetrics();

    metrics.increment("c");
    await metrics.close();

    const [line] = await receiver.lines(1);
    expect(line?.tags).toEqual(["service:from-environment", "env:prod"]);
    receiver.stop();
  });

  test("sends to the machine of the Agent that takes the traces", async () => {
    const receiver = await startReceiver();
    vi.stubEnv("DD_AGENT_HOST", "203.0.113.1");
    vi.stubEnv("DD_DOGSTATSD_PORT", String(receiver.port));
    const metrics = createMetrics({ service: "s", agent: { host: "localhost" } });

    metrics.increment("c");
    await metrics.close();

    expect(await receiver.lines(1)).toHaveLength(1);
    receiver.stop();
  });

  test("says where a value comes from also where no variable of Datadog's Agent is set", async () => {
    vi.stubEnv("DATADOG_CARDINALITY", "low");
    const { record } = await startMetrics();

    const [line] = await record((client) => client.increment("c"));

    expect(line?.text).toMatch(/\|card:low$/);
  });

  test("resolves a host name once for many datagrams", async () => {
    const lookups: unknown[] = [];
    const observer = new PerformanceObserver((list) => {
      lookups.push(...list.getEntries().filter(({ name }) => name === "lookup"));
    });
    observer.observe({ entryTypes: ["dns"] });
    const { metrics, receiver } = await startMetrics({ dogstatsd: { host: "localhost" } });

    for (let round = 0; round < 3; round += 1) {
      metrics.increment("c");
      await metrics.flush();
    }
    await metrics.close();

    expect(await receiver.lines(3)).toHaveLength(3);
    await vi.waitFor(() => expect(lookups).toHaveLength(1));
    observer.disconnect();
    receiver.stop();
  });

  test("gives two clients values of their own", async () => {
    const first = await startMetrics({ service: "one" });
    const second = await startMetrics({ service: "two" });

    const [one] = await first.record((client) => client.increment("c"));
    const [two] = await second.record((client) => client.increment("c"));

    expect([one?.tags, two?.tags]).toEqual([["service:one"], ["service:two"]]);
    expect(first.metrics.sent).toBe(1);
  });
});

describe("over IPv6", () => {
  const hasLoopback = Object.values(networkInterfaces())
    .flat()
    .some((address) => address?.address === "::1");

  test.skipIf(!hasLoopback)("metrics arrive (skipped where there is no ::1)", async () => {
    const receiver = await startReceiver("::1");
    const { metrics } = startClient({ dogstatsd: { host: "[::1]", port: receiver.port } });

    metrics.increment("c");
    await metrics.close();

    expect(await receiver.lines(1)).toHaveLength(1);
    receiver.stop();
  });
});

describe("a unix socket without its native module", () => {
  test("is said once, and values go to the UDP address instead", async () => {
    const receiver = await startReceiver();
    const warn = vi.fn();
    const logger = { error: vi.fn(), warn, info: vi.fn(), debug: vi.fn() };
    const { metrics, faults, errors } = startClient({
      logger,
      dogstatsd: { socketPath: "/var/run/datadog/dsd.socket", port: receiver.port },
    });

    metrics.increment("c");
    metrics.event("e");
    metrics.serviceCheck("s", "ok");
    await metrics.close();
    metrics.increment("c");

    expect(await receiver.lines(3)).toHaveLength(3);
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("unix-dgram"));
    expect(faults()).toEqual({ dogstatsd_unix_socket_unavailable: 1, metric_after_close: 1 });
    expect(errors).toEqual([]);
    expect(metrics.sent).toBe(3);
    receiver.stop();
  });
});
