import { createSocket, Socket } from "node:dgram";
import { once } from "node:events";
import { createFoundation, type FaultCounts, silentLogger } from "@llmdevops/dd-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Metrics } from "../src/metrics.ts";
import { createStatsDClient, type StatsDClient } from "../src/statsd-client.ts";
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
  test("lets a flush that comes later wait for it", async () => {
    const { metrics, receiver } = await startMetrics();
    const order: string[] = [];

    const closed = metrics.close().then(() => order.push("closed"));
    const flushed = metrics.flush().then(() => order.push("flushed"));
    await Promise.all([closed, flushed]);

    expect(order).toEqual(["closed", "flushed"]);
    receiver.stop();
  });

  test("called twice does its work once, and both calls end when it is done", async () => {
    const { metrics, receiver, faults } = await startMetrics();
    const closeSocket = vi.spyOn(Socket.prototype, "close");
    metrics.increment("c");

    const first = metrics.close();
    const second = metrics.close();

    expect(second).toBe(first);
    await second;
    expect(closeSocket).toHaveBeenCalledOnce();
    closeSocket.mockRestore();
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

describe("a transport that does not answer", () => {
  /** A real client of hot-shots, one method of which is replaced. */
  function startWith(replacement: Partial<Pick<StatsDClient, "flush" | "close">>): {
    readonly metrics: Metrics;
    readonly errors: readonly Error[];
    faults(): FaultCounts;
  } {
    const errors: Error[] = [];
    const foundation = createFoundation({
      service: "checkout",
      logger: silentLogger,
      flushTimeoutMs: 5,
      onError: (error) => errors.push(error),
    });
    const { diagnostics } = foundation;
    const address = { protocol: "udp", host: "127.0.0.1", port: 9 } as const;
    const client = createStatsDClient(address, [], 1_000, diagnostics);
    if (client === undefined) throw new Error("no client");
    const metrics = new Metrics(foundation, Object.assign(client, replacement), 1_000);
    return { metrics, errors, faults: () => diagnostics.counts() };
  }

  test("ends a flush at the time limit, and says so", async () => {
    const { metrics, errors, faults } = startWith({ flush: () => {} });

    await metrics.flush();

    expect(errors.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      "FlushTimeoutError: The flush of metrics did not end within 5 ms.",
    ]);
    expect(faults()).toEqual({ metrics_flush_timed_out: 1 });
  });

  test("ends a close at the time limit, and says so", async () => {
    const answers: (() => void)[] = [];
    const { metrics, errors } = startWith({
      close: (done) => {
        // Only the second attempt is answered.
        if (answers.push(() => {}) === 2) done?.();
      },
    });

    await metrics.close();

    expect(errors.map(({ message }) => message)).toEqual([
      "The close of metrics did not end within 5 ms.",
    ]);
    expect(answers).toHaveLength(2);
  });

  test("that throws is reported", async () => {
    const { metrics, errors } = startWith({
      flush: () => {
        throw new Error("torn down");
      },
    });

    await metrics.flush();

    expect(errors.map(({ name }) => name)).toEqual(["SocketError"]);
    expect(errors[0]?.message).toContain("torn down");
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
    const closeSocket = vi.spyOn(Socket.prototype, "close");
    const { metrics, faults, errors } = startClient({ dogstatsd: { host: "agent.invalid" } });

    metrics.increment("c");
    await metrics.flush();
    metrics.increment("c");
    await metrics.close();

    expect(faults()).toEqual({ dogstatsd_socket_error: 2 });
    expect(errors.map(({ name }) => name)).toEqual(["SocketError", "SocketError"]);
    expect(errors[0]?.message).toContain("agent.invalid");
    expect(closeSocket).toHaveBeenCalledOnce();
    closeSocket.mockRestore();
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
