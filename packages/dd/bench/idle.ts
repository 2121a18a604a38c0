// What an idle process sends in 90 seconds: ours beside dd-trace as it comes.
//
// node --conditions=@llmdevops/source packages/dd/bench/idle.ts [--json FILE] [--quick]
import { fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const seconds = values.quick ? 12 : 90;
const script = fileURLToPath(new URL("idle-process.ts", import.meta.url));

/** What a process sends within the time, its start included. */
async function traffic(kind: "ours" | "dd-trace") {
  const received = { requests: 0, bytes: 0, datagrams: 0, paths: new Map<string, number>() };
  const server = createServer((request, response) => {
    received.requests += 1;
    const path = request.url ?? "";
    received.paths.set(path, (received.paths.get(path) ?? 0) + 1);
    request.on("data", (chunk: Buffer) => {
      received.bytes += chunk.length;
    });
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(request.url === "/info" ? '{"endpoints":["/v0.7/config"]}' : "{}");
    });
  });
  const socket = createSocket("udp4");
  socket.on("message", () => {
    received.datagrams += 1;
  });
  await Promise.all([
    once(server.listen(0, "127.0.0.1"), "listening"),
    new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve)),
  ]);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = fork(script, [kind, url, String(socket.address().port)], { silent: true });
  await sleep(seconds * 1_000);
  const sent = { ...received, paths: Object.fromEntries(received.paths) };
  const isGone = once(child, "exit");
  child.kill("SIGKILL");
  await isGone;
  server.close();
  server.closeAllConnections();
  socket.close();
  return { kind, ...sent };
}

const results = await Promise.all([traffic("dd-trace"), traffic("ours")]);
process.stdout.write(`Idle for ${seconds} s\n`);
for (const { kind, requests, bytes, datagrams } of results) {
  process.stdout.write(
    `${kind.padEnd(12)} ${String(requests).padStart(4)} requests ${String(bytes).padStart(8)} bytes ${String(datagrams).padStart(4)} datagrams\n`,
  );
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ seconds, results }, null, 2)}\n`);
}
