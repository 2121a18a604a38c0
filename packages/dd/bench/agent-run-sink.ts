import { createSocket } from "node:dgram";
import { createServer } from "node:http";

/** Where the Agent of the agent runs listens, in a process of its own. */
export interface SinkPorts {
  readonly http: number;
  readonly dogstatsd: number;
}

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    const info = '{"version":"7.65.0","endpoints":["/v0.4/traces"]}';
    response.end(request.url === "/info" ? info : "{}");
  });
});
const datagrams = createSocket("udp4");
datagrams.on("message", () => {});
datagrams.bind(0, "127.0.0.1", () => {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address === null || typeof address !== "object") return;
    const ports: SinkPorts = { http: address.port, dogstatsd: datagrams.address().port };
    process.send?.(ports);
  });
});
process.on("disconnect", () => process.exit());
