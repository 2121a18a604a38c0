import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmod, copyFile, mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createRequire } from "node:module";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isShipping, type MetricTotals, metricTotals } from "./metric-totals.ts";

/** The Agent of `@datadog/serverless-compat`, with everything that goes in and out. */
export interface RealAgent {
  /** Base URL of its trace receiver. */
  readonly url: string;
  /** UDP port on 127.0.0.1 that leads to its DogStatsD server. */
  readonly dogstatsdPort: number;
  /** What it sent to its intake, decompressed by nobody. */
  intakeRequests(): { readonly path: string; readonly body: Buffer }[];
  /** Its log, the newest 20,000 lines. */
  log(): string[];
  /** What it has aggregated and was about to send, every ten seconds; only with `logLevel: "trace"`. */
  metricTotals(): MetricTotals;
  stop(): Promise<void>;
}

/** How to run the Agent. */
export interface RealAgentOptions {
  /** @default "debug" */
  readonly logLevel?: "debug" | "trace";
}

const binaryPackage = "@datadog/serverless-compat-linux-x64";
/** Of util-linux. */
const namespaceTool = "unshare";

function binaryPath(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${binaryPackage}/package.json`);
    return join(dirname(manifest), "bin", "datadog-serverless-compat");
  } catch {
    return undefined;
  }
}

/** Why the real Agent cannot run on this machine; `undefined` where it can. */
export function realAgentUnavailable(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "it is built for Linux x64";
  if (binaryPath() === undefined) return `${binaryPackage} is not installed`;
  const probe = spawnSync(namespaceTool, ["-n", "ip", "link", "set", "lo", "up"]);
  if (probe.status !== 0) return "unshare -n with ip link is not allowed or not installed";
  return undefined;
}

/**
 * Starts the real Agent in a network namespace of its own, where it reaches nothing but this process.
 *
 * @throws Error when it is not ready within 20 seconds.
 */
export async function startRealAgent({
  logLevel = "debug",
}: RealAgentOptions = {}): Promise<RealAgent> {
  const source = binaryPath();
  if (source === undefined) throw new Error(`${binaryPackage} is not installed`);
  const directory = await mkdtemp(join(tmpdir(), "real-agent-"));
  const binary = join(directory, "agent");
  await copyFile(source, binary);
  await chmod(binary, 0o755);

  const intakeRequests: { path: string; body: Buffer }[] = [];
  const intake = createHttpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    intakeRequests.push({ path: request.url ?? "", body: Buffer.concat(chunks) });
    response.writeHead(202, { "content-type": "application/json" }).end("{}");
  }).listen(join(directory, "intake.sock"));
  await once(intake, "listening");

  const relayPath = fileURLToPath(new URL("relay.ts", import.meta.url));
  const script = 'ip link set lo up && exec "$@"';
  const relay = spawn(
    namespaceTool,
    ["-n", "sh", "-c", script, "sh", process.execPath, relayPath, binary, directory, logLevel],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const exited = once(relay, "exit");
  const log: string[] = [];
  const shipped: string[] = [];
  const ready = new Promise<void>((resolve) => {
    for (const stream of [relay.stdout, relay.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        log.push(line);
        if (log.length > 20_000) log.shift();
        if (isShipping(line)) shipped.push(line);
        if (line === "relay: ready") resolve();
      });
    }
  });

  const sockets = new Set<Socket>();
  const traces = createServer((socket) => {
    const inner = createConnection(join(directory, "traces.sock"));
    for (const [from, to] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }).listen(0, "127.0.0.1");
  await once(traces, "listening");

  const udp = createSocket("udp4");
  udp.bind(0, "127.0.0.1");
  await once(udp, "listening");
  // A burst waits there while the test computes; Linux cuts this to its own maximum.
  udp.setRecvBufferSize(4 * 1024 * 1024);

  const stop = async () => {
    udp.close();
    traces.close();
    intake.close();
    intake.closeAllConnections();
    for (const socket of sockets) socket.destroy();
    relay.stdin.end();
    await exited;
    await rm(directory, { recursive: true, force: true });
  };

  const late = delay(20_000, "late", { ref: false });
  const outcome = await Promise.race([
    ready.then(() => "ready"),
    exited.then(() => "exited"),
    late,
  ]);
  if (outcome !== "ready") {
    relay.kill();
    await stop();
    throw new Error(`the real Agent is not ready (${outcome}):\n${log.slice(-20).join("\n")}`);
  }

  const datagrams = createConnection(join(directory, "dogstatsd.sock"));
  sockets.add(datagrams);
  datagrams.on("error", () => {});
  udp.on("message", (datagram) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(datagram.length);
    datagrams.write(Buffer.concat([head, datagram]));
  });

  return {
    url: `http://127.0.0.1:${(traces.address() as AddressInfo).port}`,
    dogstatsdPort: udp.address().port,
    intakeRequests: () => [...intakeRequests],
    log: () => [...log],
    metricTotals: () => metricTotals(shipped),
    stop,
  };
}
