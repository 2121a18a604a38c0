import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { TestAgent } from "@llmdevops/dd-testing";

/** Stands between a client and the embedded Agent and keeps every byte that the client has sent. */
export interface RecordingRelay {
  readonly url: string;
  readonly dogstatsdPort: number;
  /** All requests with their headers, and all datagrams, as text. */
  text(): string;
  stop(): Promise<void>;
}

export async function startRecordingRelay(agent: TestAgent): Promise<RecordingRelay> {
  const recorded: string[] = [];
  const server = createServer((incoming, response) => {
    void buffer(incoming).then((body) => {
      const { method, url, headers } = incoming;
      recorded.push(`${method} ${url}\n${JSON.stringify(headers)}\n${body.toString("utf8")}`);
      const onward = request(new URL(url ?? "/", agent.url), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.end(body);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = createSocket("udp4");
  socket.on("message", (datagram) => {
    recorded.push(datagram.toString("utf8"));
    socket.send(datagram, agent.dogstatsdPort, "127.0.0.1");
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dogstatsdPort: socket.address().port,
    text: () => recorded.join("\n"),
    async stop() {
      socket.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
