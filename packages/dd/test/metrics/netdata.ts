import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** A netdata that does nothing but StatsD (Debian package netdata-core). */
export interface Netdata {
  /** UDP port on 127.0.0.1. */
  readonly statsdPort: number;
  /** What each metric's dimensions add up to over all seconds, and what they last were. */
  read(): Promise<Record<string, { readonly sum: number; readonly last: number }>>;
  stop(): Promise<void>;
}

/** Of the Debian package netdata-core. */
const program = "netdata";

/** Why netdata cannot run here; `undefined` where it can. */
export function netdataUnavailable(): string | undefined {
  const { error } = spawnSync(program, ["-V"]);
  return error === undefined
    ? undefined
    : "netdata is not installed (tooling/scripts/install-peers.sh)";
}

/** Starts netdata on loopback ports of its own. */
export async function startNetdata(): Promise<Netdata> {
  const directory = await mkdtemp(join(tmpdir(), "netdata-"));
  const [webPort, statsdPort] = [await freeTcpPort(), await freeUdpPort()];
  for (const name of ["etc", "cache", "lib", "log", "plugins"]) await mkdir(join(directory, name));
  await writeFile(join(directory, "etc", ".opt-out-from-anonymous-statistics"), "");
  const configuration = join(directory, "etc", "netdata.conf");
  await writeFile(configuration, configurationText(directory, webPort, statsdPort));
  const child = spawn(program, ["-D", "-c", configuration], { cwd: directory, stdio: "ignore" });
  const url = `http://127.0.0.1:${webPort}/api/v1`;
  await answered(child, `${url}/info`);
  return {
    statsdPort,
    read: () => readCharts(url),
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function readCharts(url: string): ReturnType<Netdata["read"]> {
  const totals: Record<string, { sum: number; last: number }> = {};
  const { charts } = await json<{ charts: Record<string, unknown> }>(`${url}/charts`);
  for (const chart of Object.keys(charts)) {
    const { labels, data } = await json<{ labels: string[]; data: (number | null)[][] }>(
      `${url}/data?chart=${chart}&after=-300`,
    );
    for (const [index, label] of labels.entries()) {
      if (index === 0) continue;
      // The newest second comes first.
      const values = data.flatMap((row) => row[index] ?? []);
      const sum = values.reduce((total, value) => total + value, 0);
      totals[`${chart.replace("statsd_", "")}.${label}`] = { sum, last: values[0] ?? 0 };
    }
  }
  return totals;
}

async function json<T>(address: string): Promise<T> {
  return (await (await fetch(address)).json()) as T;
}

async function answered(child: ChildProcess, address: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (child.exitCode !== null) throw new Error("netdata has ended.");
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("netdata does not answer.");
}

async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

function configurationText(directory: string, webPort: number, statsdPort: number): string {
  return `[global]
  run as user = ${userInfo().username}
[directories]
  config = ${directory}/etc
  stock config = ${directory}/etc
  cache = ${directory}/cache
  lib = ${directory}/lib
  log = ${directory}/log
  home = ${directory}
  plugins = ${directory}/plugins
[db]
  mode = ram
  update every = 1
  retention = 600
[web]
  bind to = 127.0.0.1:${webPort}
[ml]
  enabled = no
[health]
  enabled = no
[cloud]
  enabled = no
[plugins]
  timex = no
  idlejitter = no
  cgroups = no
  tc = no
  proc = no
  diskspace = no
  checks = no
  apps = no
  enable running new plugins = no
  netdata monitoring = no
  netdata monitoring extended = no
  statsd = yes
[statsd]
  enabled = yes
  bind to = udp:127.0.0.1:${statsdPort}
  create private charts for metrics matching = *
  add dimension for number of events received = yes
`;
}
