/**
 * Runs inside the network namespace of the real Agent and connects it with the outside.
 *
 * Sockets in the file system cross namespaces, ports do not. Arguments: the binary, the directory of the
 * sockets, the level of the log. Ends with its standard input, so that it cannot outlive the test.
 */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const tracePort = 18126;
const dogstatsdPort = 18125;
const intakePort = 18333;

const [binary = "", directory = "", logLevel = "debug"] = process.argv.slice(2);

function connectBothWays(left: Socket, right: Socket): void {
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}

const agent = spawn(binary, [], {
  stdio: ["ignore", "pipe", "pipe"],
  env: {
    AWS_LAMBDA_FUNCTION_NAME: "contract-test",
    DD_API_KEY: "0".repeat(32),
    DD_SITE: "localtest.invalid",
    DD_APM_DD_URL: `http://127.0.0.1:${intakePort}`,
    DD_APM_RECEIVER_PORT: String(tracePort),
    DD_DOGSTATSD_PORT: String(dogstatsdPort),
    DD_LOG_LEVEL: logLevel,
  },
});
agent.on("exit", () => process.exit(1));

/** Datagrams that the Agent has not said to have read; its receive buffer holds some 90. */
const mostUnread = 16;
let unread = 0;
let lastRead = performance.now();
const waiting: Buffer[] = [];

for (const [output, own] of [
  [agent.stdout, process.stdout],
  [agent.stderr, process.stderr],
] as const) {
  createInterface({ input: output }).on("line", (line) => {
    own.write(`${line}\n`);
    if (!/Parsed \d+ valid metrics|Failed to parse/.test(line)) return;
    unread = Math.max(0, unread - 1);
    lastRead = performance.now();
    sendWaiting();
  });
}
process.on("exit", () => agent.kill("SIGKILL"));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));

// The Agent's way out: its intake is a server of the test, outside.
createServer((socket) => {
  connectBothWays(socket, createConnection(join(directory, "intake.sock")));
}).listen(intakePort, "127.0.0.1");

// The way in for traces.
createServer((socket) => {
  connectBothWays(socket, createConnection(tracePort, "127.0.0.1"));
}).listen(join(directory, "traces.sock"));

// The way in for datagrams: each comes as a 4-byte length and its bytes.
const udp = createSocket("udp4");

function sendWaiting(): void {
  while (unread < mostUnread) {
    const datagram = waiting.shift();
    if (datagram === undefined) return;
    unread += 1;
    udp.send(datagram, dogstatsdPort, "127.0.0.1");
  }
}

// Not everything that is read is said to be.
setInterval(() => {
  if (performance.now() - lastRead < 100) return;
  unread = 0;
  sendWaiting();
}, 50);

createServer((socket) => {
  let buffered = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 4 && buffered.length >= 4 + buffered.readUInt32BE(0)) {
      const end = 4 + buffered.readUInt32BE(0);
      waiting.push(buffered.subarray(4, end));
      buffered = buffered.subarray(end);
    }
    sendWaiting();
  });
}).listen(join(directory, "dogstatsd.sock"));

for (;;) {
  const answer = await fetch(`http://127.0.0.1:${tracePort}/info`).catch(() => undefined);
  if (answer?.ok) break;
  await delay(50);
}
process.stdout.write("relay: ready\n");
