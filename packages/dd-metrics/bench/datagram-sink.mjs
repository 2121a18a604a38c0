// Takes datagrams in a process of its own, and answers every message with how many there were.
import { createSocket } from "node:dgram";

let datagrams = 0;
let lines = 0;
const socket = createSocket({ type: "udp4", recvBufferSize: 4_000_000 });
socket.on("message", (message) => {
  datagrams += 1;
  for (const byte of message) if (byte === 10) lines += 1;
});
socket.bind(0, "127.0.0.1", () => process.send?.({ port: socket.address().port }));
process.on("message", () => {
  process.send?.({ datagrams, lines: lines + datagrams });
  datagrams = 0;
  lines = 0;
});
