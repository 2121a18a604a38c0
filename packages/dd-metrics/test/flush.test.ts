import { createSocket, Socket } from "node:dgram";
import { once } from "node:events";
import { createFoundation, type FaultCounts, silentLogger } from "@llmdevops/dd-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { StatsDTransport } from "../src/delivery/statsd-transport.ts";
import type { Metrics } from "../src/metrics.ts";
import { startClient, startMetrics } from "./metrics-fixture.ts";
import { metricsOver } from "./pipeline-fixture.ts";

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

describe("a buffer that is smaller than what is gathered", () => {
  test("takes it piece by piece, and nothing is dropped", async () => {
    const { metrics, receiver } = await startMetrics({ maxBufferedLines: 10 });
    for (let index = 0; index < 1_000; index += 1) metrics.gauge(`g${index}`, index);
    for (let index = 0; index < 500; index += 1) metrics.set("s", index);
    expect(metrics.counts()).toMatchObject({ buffered: 1_500 });

    // Of a set each value is a line, and they come together.
    await metrics.flush();

    expect(await receiver.lines(1_010)).toHaveLength(1_010);
    expect(metrics.counts()).toMatchObject({
      recorded: 1_500,
      sent: 1_010,
      buffered: 0,
      dropped: { metric_buffer_overflow: 490 },
    });
    await metrics.close();
    receiver.stop();
  });

  test("and cannot be emptied lets the values of a series add up", async () => {
    let works = false;
    const messages: string[] = [];
    const foundation = createFoundation({ service: "checkout", logger: silentLogger });
    const metrics = metricsOver(
      foundation,
      {
        send(message, done) {
          if (!works) return done(new Error("refused"));
          messages.push(message);
          done();
        },
      },
      { maximumLines: 10 },
    );

    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 200; index += 1) metrics.increment(`c${index}`);
      await metrics.flush();
      expect(metrics.counts()).toMatchObject({ sent: 0, buffered: 200 * (round + 1), dropped: {} });
    }
    works = true;
    await metrics.close();

    const lines = messages.flatMap((message) => message.split("\n"));
    const sums = new Map<string, number>();
    for (const line of lines) {
      const [name = "", value] = line.split(/[:|]/);
      sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
    expect([...sums.values()]).toEqual(Array.from({ length: 200 }, () => 3));
    expect(metrics.counts()).toMatchObject({ recorded: 600, sent: 600, buffered: 0, dropped: {} });
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
  function startWith(replacement: Partial<StatsDTransport>): {
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
    const metrics = metricsOver(foundation, replacement);
    return { metrics, errors, faults: () => foundation.diagnostics.counts() };
  }

  test("ends a flush at the time limit, and says so", async () => {
    const { metrics, errors, faults } = startWith({ send: () => {} });
    metrics.increment("c");

    await metrics.flush();

    expect(errors.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      "FlushTimeoutError: The flush of metrics did not end within 5 ms.",
    ]);
    expect(faults()).toEqual({ metrics_flush_timed_out: 1 });
    expect(metrics.counts()).toMatchObject({ recorded: 1, sent: 0, buffered: 1 });
  });

  test("ends a close at the time limit, says so, and counts what is lost", async () => {
    const { metrics, errors, faults } = startWith({ send: () => {}, sendsAtOnce: () => false });
    metrics.increment("c", 5);
    metrics.increment("c", 5);

    await metrics.close();

    expect(errors.map(({ message }) => message)).toEqual([
      "The close of metrics did not end within 5 ms.",
    ]);
    expect(faults()).toEqual({ metrics_flush_timed_out: 1, metric_undelivered_at_close: 2 });
    expect(metrics.counts()).toEqual({
      recorded: 2,
      sent: 0,
      buffered: 0,
      dropped: { metric_undelivered_at_close: 2 },
      datagrams: 0,
    });
  });

  test("that throws is reported, and what it did not take is kept for the next flush", async () => {
    const messages: string[] = [];
    let works = false;
    const { metrics, errors } = startWith({
      send: (message, done) => {
        if (!works) throw new Error("torn down");
        messages.push(message);
        done();
      },
    });
    metrics.increment("c");

    await metrics.flush();
    works = true;
    metrics.increment("d");
    await metrics.flush();

    expect(errors.map(({ name }) => name)).toEqual(["SocketError"]);
    expect(errors[0]?.message).toContain("torn down");
    expect(messages).toEqual(["c:1|c\nd:1|c"]);
    expect(metrics.counts()).toMatchObject({ recorded: 2, sent: 2, buffered: 0 });
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

    expect(metrics.counts()).toMatchObject({ recorded: 3, sent: 3, buffered: 0, dropped: {} });
  });

  test("a host name that does not resolve is reported, and the socket is closed all the same", async () => {
    const closeSocket = vi.spyOn(Socket.prototype, "close");
    const { metrics, faults, errors } = startClient({ dogstatsd: { host: "agent.invalid" } });

    metrics.increment("c");
    await metrics.flush();
    metrics.increment("c");
    await metrics.close();

    expect(faults()).toEqual({ dogstatsd_socket_error: 2, metric_undelivered_at_close: 2 });
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

    await vi.waitFor(
      () => expect(faults()["dogstatsd_socket_error"]).toBeGreaterThanOrEqual(2),
      4_000,
    );
    expect(metrics.counts()).toMatchObject({ recorded: 1, buffered: 1, dropped: {} });

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
      metric_undelivered_at_close: 1,
      on_error_threw: 2,
    });
  });
});
