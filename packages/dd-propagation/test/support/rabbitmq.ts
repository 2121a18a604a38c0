import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stopProgram } from "./child-process.ts";

const program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
const portMapper = "/usr/bin/epmd";

/** Whether Debian's RabbitMQ server is installed. */
export const isRabbitMQPresent: boolean = existsSync(program) && existsSync(portMapper);

/** A RabbitMQ server of its own, which listens on loopback only. */
export interface RabbitMQ {
  readonly url: string;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Starts a server with a directory, ports and a port mapper (epmd) of its own. */
export async function startRabbitMQ(): Promise<RabbitMQ> {
  const directory = await mkdtemp(join(tmpdir(), "rabbitmq-"));
  const [port, distributionPort, mapperPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const erlangOptions = join(directory, "vm.config");
  await writeFile(erlangOptions, "[{kernel, [{inet_dist_use_interface, {127,0,0,1}}]}].\n");
  const mapperEnv = { ERL_EPMD_ADDRESS: "127.0.0.1", ERL_EPMD_PORT: String(mapperPort) };
  const env = {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: directory,
    LANG: "C.UTF-8",
    ...mapperEnv,
    RABBITMQ_NODENAME: `test-${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(directory, "mnesia"),
    RABBITMQ_LOG_BASE: join(directory, "log"),
    RABBITMQ_LOGS: "-",
    RABBITMQ_CONFIG_FILE: join(directory, "rabbitmq"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, "plugins"),
    RABBITMQ_PID_FILE: join(directory, "pid"),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-config ${erlangOptions.slice(0, -".config".length)}`,
  };
  const mapper = spawn(portMapper, [], { env, stdio: "ignore" });
  const server = spawn(program, [], { env, stdio: "ignore", detached: true });
  const stop = async (): Promise<void> => {
    await Promise.all([stopGroup(server), stopProgram(mapper)]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await waitForPort(port, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `amqp://guest:guest@127.0.0.1:${port}`, stop };
}

/** The server is a shell script with Erlang's machine below it; both are in one process group. */
async function stopGroup(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  process.kill(-server.pid, "SIGTERM");
  await ended;
}

async function waitForPort(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => resolve(false)).once("connect", () => socket.end());
    });
    if (isOpen) return;
    await sleep(100);
  }
  throw new Error(`RabbitMQ did not start (exit code ${server.exitCode})`);
}
