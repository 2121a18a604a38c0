// The provider and whatever the telemetry is sent to, in a process of its own: what it takes is nobody's cost.
import { createSocket } from "node:dgram";
import { createServer } from "node:http";

const info = JSON.stringify({
  version: "7.65.0",
  endpoints: ["/v0.4/traces", "/v0.5/traces", "/evp_proxy/v2/"],
});
const completion = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Within thirty days of the purchase." },
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 640, completion_tokens: 48, total_tokens: 688 },
});
const received = { requests: 0, bytes: 0, datagrams: 0, datagramBytes: 0 };

const server = createServer((request, response) => {
  const isModelCall = request.url === "/v1/chat/completions";
  request.on("data", (chunk: Buffer) => {
    if (!isModelCall) received.bytes += chunk.length;
  });
  request.on("end", () => {
    if (!isModelCall) received.requests += 1;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(isModelCall ? completion : request.url === "/info" ? info : "{}");
  });
});
// A service is idle for seconds between two rounds, and must not find a connection closed just as it uses it.
server.keepAliveTimeout = 120_000;
const socket = createSocket("udp4");
socket.on("message", (message) => {
  received.datagrams += 1;
  received.datagramBytes += message.length;
});
/** Every message is answered with what came since the last one. */
process.on("message", () => {
  process.send?.({ ...received });
  Object.assign(received, { requests: 0, bytes: 0, datagrams: 0, datagramBytes: 0 });
});
process.on("disconnect", () => process.exit());
socket.bind(0, "127.0.0.1", () => {
  socket.setRecvBufferSize(8_388_608);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address === null || typeof address !== "object") return;
    process.send?.({ port: address.port, dogstatsdPort: socket.address().port });
  });
});
