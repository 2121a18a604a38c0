import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startClient, startMetrics } from "./metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A port of the loopback interface on which nothing listens. */
async function closedPort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

describe("flush", () => {
  test("sends what is gathered and leaves the client open", async () => {
    const { metrics, receiver } = await startMetrics();
    metrics.increment("first");
    await metrics.flush();
    expect(await receiver.lines(1)).toHaveLength(1);

    metrics.increment("second");
    await metrics.flush();

    expect((await receiver.lines(2)).map(({ name }) => name)).toEqual(["first", "second"]);
    await metrics.close();
    receiver.stop();
  });

  test("of nothing sends nothing", async () => {
    const { metrics, receiver, faults } = await startMetrics();

    await metrics.flush();
    await metrics.close();

    expect(receiver.datagrams).toEqual([]);
    expect(faults()).toEqual({});
    receiver.stop();
  });

  test("during and after close ends as well, without a fault", async () => {
    const { metrics, receiver, faults } = await startMetrics();
    metrics.increment("c");

    await Promise.all([metrics.flush(), metrics.close(), metrics.flush()]);
    await metrics.flush();

    expect(await receiver.lines(1)).toHaveLength(1);
    expect(faults()).toEqual({});
    receiver.stop();
  });
});

describe("close", () => {
  test("called twice does its work once, and both calls end when it is done", async () => {
    const { metrics, receiver, faults } = await startMetrics();
    metrics.increment("c");

    const first = metrics.close();
    const second = metrics.close();

    expect(second).toBe(first);
    await second;
    expect(await receiver.lines(1)).toHaveLength(1);
    expect(faults()).toEqual({});
    receiver.stop();
  });

  test("makes every later call do nothing and count", async () => {
    const { metrics, receiver, faults } = await startMetrics();
    await metrics.close();

    metrics.increment("c");
    metrics.decrement("c");
    metrics.gauge("g", 1);
    metrics.histogram("h", 1);
    metrics.distribution("d", 1);
    metrics.timing("t", 1);
    metrics.set("s", 1);
    metrics.event("e");
    metrics.serviceCheck("s", "ok");

    expect(faults()).toEqual({ metric_after_close: 9 });
    expect(metrics.sent).toBe(0);
    expect(receiver.datagrams).toEqual([]);
    receiver.stop();
  });
});

describe("where the Agent is not there", () => {
  test("nothing throws, rejects or hangs when no one listens", async () => {
    const { metrics } = startClient({ dogstatsd: { host: "127.0.0.1", port: await closedPort() } });

    for (let round = 0; round < 3; round += 1) {
      metrics.increment("c");
      await metrics.flush();
    }
    await metrics.close();

    expect(metrics.sent).toBe(3);
  });

  test("a host name that does not resolve is reported, and the socket is closed all the same", async () => {
    const { metrics, faults, errors } = startClient({ dogstatsd: { host: "agent.invalid" } });

    metrics.increment("c");
    await metrics.flush();
    metrics.increment("c");
    await metrics.close();

    expect(faults()).toEqual({ dogstatsd_socket_error: 2 });
    expect(errors.map(({ name }) => name)).toEqual(["SocketError", "SocketError"]);
    expect(errors[0]?.message).toContain("agent.invalid");
    expect(process.getActiveResourcesInfo()).not.toContain("UDPWrap");
  });

  test("errors between flushes are reported too", async () => {
    const { metrics, faults } = startClient({
      dogstatsd: { host: "agent.invalid" },
      flushIntervalMs: 50,
    });
    metrics.increment("c");

    await vi.waitFor(() => expect(faults()).toEqual({ dogstatsd_socket_error: 1 }), 5_000);

    await metrics.close();
  });

  test("a handler that throws changes nothing", async () => {
    const { metrics, faults } = startClient({
      dogstatsd: { host: "agent.invalid" },
      onError: () => {
        throw new Error("handler");
      },
    });
    metrics.increment("");
    metrics.increment("c");

    await metrics.close();

    expect(faults()).toEqual({
      invalid_metric_name: 1,
      dogstatsd_socket_error: 1,
      on_error_threw: 2,
    });
  });
});
