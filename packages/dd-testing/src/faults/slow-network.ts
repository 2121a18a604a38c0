import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** How a network behaves badly. */
export interface NetworkFault {
  /** Where the connections lead. */
  readonly target: string;
  /** Added to every piece of data in both directions (ms). @default 0 */
  readonly latencyMs?: number;
  /** Cuts each connection after so many bytes from the client. @default never */
  readonly cutAfterBytes?: number;
}

/** A way to a server that behaves as told. */
export interface SlowNetwork {
  /** To be used instead of the target's URL. */
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a port on loopback that leads to the target, slowly or only for a while. */
export async function startSlowNetwork(fault: NetworkFault): Promise<SlowNetwork> {
  const { target, latencyMs = 0, cutAfterBytes = Number.POSITIVE_INFINITY } = fault;
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port || 80), hostname);
    let received = 0;
    client.on("data", (chunk) => {
      received += chunk.length;
      if (received > cutAfterBytes) client.resetAndDestroy();
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      const later = (act: () => void): void => void setTimeout(act, latencyMs);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        later(() => to.destroy());
      });
      from.on("data", (chunk) => later(() => to.writable && to.write(chunk)));
      from.on("end", () => later(() => to.end()));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${own}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
