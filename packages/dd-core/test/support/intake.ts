import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request that an intake has received. */
interface ReceivedRequest {
  readonly path: string;
  readonly body: Buffer;
}

/** An HTTP server in the Agent's place that keeps what it is sent. */
export interface Intake {
  readonly port: number;
  readonly url: string;
  readonly received: ReceivedRequest[];
  /** What answers; accepts everything unless it is replaced. */
  respond: (response: ServerResponse, path: string) => void;
  stop(): Promise<void>;
}

export const accept = (response: ServerResponse): void => {
  response.end('{"rate_by_service":{}}');
};

export async function startIntake(): Promise<Intake> {
  const received: ReceivedRequest[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void buffer(request).then((body) => {
      const path = request.url ?? "";
      received.push({ path, body });
      intake.respond(response, path);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const intake: Intake = {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    respond: accept,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return intake;
}
