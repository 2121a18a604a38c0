import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createChildContext, type Propagator } from "../../src/index.ts";

/** Header fields as they go over the wire, repeated names included. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** A service that calls another one, with the context it was called with. */
export interface ForwardingService {
  /** Calls the service, which makes `calls` calls of its own; answers the headers that these arrived with. */
  call(fields: Fields, calls?: number): Promise<readonly IncomingHttpHeaders[]>;
  stop(): Promise<void>;
}

/** Starts the service and the one it calls, both on loopback. */
export async function startForwardingService(propagator: Propagator): Promise<ForwardingService> {
  const arrived: IncomingHttpHeaders[] = [];
  const downstream = createServer((message, response) => {
    arrived.push(message.headers);
    response.end();
  });
  const downstreamPort = await listen(downstream);
  const service = createServer(async (message, response) => {
    const parent = propagator.extract(message.headers);
    for (let call = Number(message.url?.slice(1)); call > 0; call -= 1) {
      const headers = propagator.inject(createChildContext(parent), {});
      await send(downstreamPort, "/", Object.entries(headers));
    }
    response.end();
  });
  const port = await listen(service);
  return {
    async call(fields, calls = 1) {
      arrived.length = 0;
      await send(port, `/${calls}`, fields);
      return [...arrived];
    },
    async stop() {
      await Promise.all([service, downstream].map(close));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

function send(port: number, path: string, fields: Fields): Promise<void> {
  return new Promise((resolve, reject) => {
    // The list form keeps case and order of names, and repeated fields apart.
    const headers = ["host", `127.0.0.1:${port}`, ...fields.flat()];
    const outgoing = request({ host: "127.0.0.1", port, path, headers }, (response) => {
      response.resume().once("end", resolve);
    });
    outgoing.once("error", reject).end();
  });
}
