import { Socket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { createFoundation, type FaultCounts, silentLogger } from "@llmdevops/dd-core";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createCachedLookup, type Lookup } from "../../src/delivery/cached-lookup.ts";
import type { StatsDTransport } from "../../src/delivery/statsd-transport.ts";
import { createUdpTransport } from "../../src/delivery/udp-transport.ts";
import { startReceiver } from "../datagram-receiver.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A transport to the name agent.local, whose address the test sets. */
function start(port: number, firstAddress: string) {
  const { diagnostics } = createFoundation({ service: "checkout", logger: silentLogger });
  let time = 0;
  let address = firstAddress;
  const names = {
    isAnswering: true,
    /** Lets a minute pass, after which the name means another address. */
    change(next: string) {
      address = next;
      time += 60_000;
    },
  };
  const resolve: Lookup = (_hostname, callback) => {
    if (names.isAnswering) queueMicrotask(() => callback(null, address, 0));
  };
  const transport: StatsDTransport = createUdpTransport(
    { protocol: "udp", host: "agent.local", port },
    diagnostics,
    createCachedLookup(resolve, () => time),
  );
  let closing: Promise<unknown> | undefined;
  const close = () => {
    closing ??= new Promise((resolve) => transport.close(resolve));
    return closing;
  };
  onTestFinished(async () => void (await close()));
  const send = (message: string) =>
    new Promise<Error | undefined>((settle) => {
      transport.send(message, (error) => settle(error ?? undefined));
    });
  const faults = (): FaultCounts => diagnostics.counts();
  return { transport, names, send, close, faults };
}

const addresses = Object.values(networkInterfaces()).flat();
const hasIpv6 = addresses.some((address) => address?.address === "::1");
/** Linux answers on all of 127.0.0.0/8. */
const hasSecondLoopback = process.platform === "linux";

describe("a name", () => {
  test.skipIf(!hasSecondLoopback)(
    "that comes to mean another machine is followed (skipped where there is no 127.0.0.2)",
    async () => {
      const old = await startReceiver("127.0.0.1");
      const { port } = old;
      const young = await startReceiver("127.0.0.2", port);
      const { send, names, faults } = start(port, "127.0.0.1");

      expect(await send("a:1|c")).toBeUndefined();
      expect(await old.lines(1)).toHaveLength(1);
      old.stop();
      names.change("127.0.0.2");
      // The old address serves until the new one is known.
      expect(await send("b:1|c")).toBeUndefined();
      expect(await send("c:1|c")).toBeUndefined();

      expect((await young.lines(1)).map(({ name }) => name)).toEqual(["c"]);
      expect(faults()).toEqual({});
      young.stop();
    },
  );

  test.skipIf(!hasIpv6)(
    "may have an IPv6 address only, or come to have one (skipped where there is no ::1)",
    async () => {
      const six = await startReceiver("::1");
      const four = await startReceiver("127.0.0.1", six.port);
      const { send, names, close } = start(six.port, "::1");

      expect(await send("a:1|c")).toBeUndefined();
      expect(await six.lines(1)).toHaveLength(1);
      names.change("127.0.0.1");
      await send("b:1|c");
      await send("c:1|c");
      expect((await four.lines(1)).at(-1)?.name).toBe("c");

      const closeSocket = vi.spyOn(Socket.prototype, "close");
      await close();
      expect(closeSocket).toHaveBeenCalledTimes(2);
      six.stop();
      four.stop();
    },
  );

  test("is handed over by its address at the end of the process, where that is known", async () => {
    const receiver = await startReceiver();
    const { send, transport } = start(receiver.port, "127.0.0.1");
    const left: unknown[] = [];
    const delivery = { datagram: (one: unknown) => left.push(one) < 2, request: () => {} };

    expect(transport.sendsAtOnce()).toBe(false);
    expect(transport.handOver("a:1|c", delivery, 0)).toBe(true);
    await send("b:1|c");
    expect(transport.sendsAtOnce()).toBe(true);
    expect(transport.handOver("c:1|c", delivery, 0)).toBe(false);

    expect(left).toEqual([
      { host: "agent.local", port: receiver.port, message: "a:1|c" },
      { host: "127.0.0.1", port: receiver.port, message: "c:1|c" },
    ]);
    receiver.stop();
  });

  test("that is found after the close sends nothing and opens nothing", async () => {
    const receiver = await startReceiver();
    const { send, close, faults } = start(receiver.port, "127.0.0.1");

    const sent = send("a:1|c");
    void close();

    expect((await sent)?.message).toContain("closed");
    expect(receiver.datagrams).toEqual([]);
    expect(faults()).toEqual({});
    receiver.stop();
  });
});
