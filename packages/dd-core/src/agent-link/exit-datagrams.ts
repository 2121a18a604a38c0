import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { ExitDatagram } from "./exit-protocol.ts";

/**
 * The Agent reads one socket; the default receive buffer of Linux holds about 90 datagrams of 1,432 bytes, and what
 * comes while it is full is gone.
 */
const datagramsAtOnce = 8;
const pauseMs = 1;

/**
 * Sends datagrams in their order, a few at a time; never rejects.
 *
 * @param pause Waits between two groups. @default 1 ms
 */
export async function sendExitDatagrams(
  datagrams: readonly ExitDatagram[],
  pause: () => Promise<unknown> = () => delay(pauseMs),
): Promise<void> {
  const byHost = Map.groupBy(datagrams, ({ host }) => host);
  await Promise.allSettled(
    [...byHost].map(async ([host, own]) => {
      const { address, family } = await lookup(host, { order: "ipv4first" });
      const socket = createSocket(family === 6 ? "udp6" : "udp4");
      socket.on("error", () => {});
      for (let first = 0; first < own.length; first += datagramsAtOnce) {
        if (first > 0) await pause();
        const group = own.slice(first, first + datagramsAtOnce);
        await Promise.all(group.map((datagram) => send(socket, address, datagram)));
      }
      socket.close();
    }),
  );
}

/** Resolves when the system has it, or does not take it: there is no time to try again. */
function send(socket: Socket, address: string, { message, port }: ExitDatagram): Promise<void> {
  return new Promise((resolve) => {
    socket.send(message, port, address, () => resolve());
  });
}
