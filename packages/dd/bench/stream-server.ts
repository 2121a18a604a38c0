import { createServer, type ServerResponse } from "node:http";
import { streamEvents } from "./stream-events.ts";

/** A provider in a process of its own, that sends one event after the other as a model writes them. */
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.socket?.setNoDelay(true);
    send(response, 0);
  });
});

function send(response: ServerResponse, index: number): void {
  const event = streamEvents[index];
  if (event === undefined) response.end();
  // The next one only when this one has left, so that each is a packet of its own.
  else response.write(event, () => setImmediate(send, response, index + 1));
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.send?.(address.port);
});
process.on("disconnect", () => process.exit());
