import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { startReceiver } from "../datagram-receiver.ts";
import { startClient } from "../metrics-fixture.ts";
import { buildUnixDgram, type UnixDgramSocket } from "./unix-dgram-module.ts";

const application = fileURLToPath(new URL("../fixtures/socket-application.mjs", import.meta.url));
const built = buildUnixDgram();
const module = typeof built === "string" ? undefined : built;
const directory = mkdtempSync(join(tmpdir(), "dogstatsd-socket-"));
let sockets = 0;
let path: string;

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
  onTestFinished(() => void vi.unstubAllEnvs());
  sockets += 1;
  path = join(directory, `${sockets}.socket`);
});
vi.setConfig({ testTimeout: 20_000 });
afterAll(() => {
  module?.remove();
  rmSync(directory, { recursive: true });
});

async function run(
  plan: { readonly end: string; readonly series?: number },
  environment: Record<string, string> = {},
  signal?: NodeJS.Signals,
) {
  const whole = { series: 0, ...plan, ...(module === undefined ? {} : { module: module.entry }) };
  const child = spawn(
    process.execPath,
    ["--conditions=@llmdevops/source", application, JSON.stringify(whole)],
    {
      env: { PATH: process.env["PATH"], DD_DOGSTATSD_SOCKET: path, ...environment },
      timeout: 30_000,
    },
  );
  if (signal !== undefined) {
    child.stdout.once("data", () => child.kill(signal));
  }
  const [errors, ending] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { errors, ending };
}

/** Takes the place of the Agent's socket. */
function listen(at: string) {
  const lines: string[] = [];
  const sizes: number[] = [];
  const { createSocket } = createRequire(import.meta.url)(module?.entry ?? "");
  const socket: UnixDgramSocket = createSocket("unix_dgram", (datagram: Buffer) => {
    sizes.push(datagram.length);
    lines.push(...datagram.toString().split("\n"));
  });
  socket.bind(at);
  let isOpen = true;
  const stop = () => {
    if (isOpen) socket.close();
    isOpen = false;
    rmSync(at, { force: true });
  };
  onTestFinished(stop);
  const values = (name: string) =>
    lines.flatMap((line) =>
      line.startsWith(`${name}:`) ? (line.split("|")[0]?.split(":").slice(1) ?? []) : [],
    );
  return { lines, sizes, values, stop };
}

describe("without the native module", () => {
  test("a process says so once, and its values go to the UDP port", async () => {
    const receiver = await startReceiver();
    const port = { DD_DOGSTATSD_PORT: String(receiver.port) };
    const child = spawn(
      process.execPath,
      ["--conditions=@llmdevops/source", application, JSON.stringify({ end: "close", series: 0 })],
      { env: { PATH: process.env["PATH"], DD_DOGSTATSD_SOCKET: path, ...port }, timeout: 30_000 },
    );
    const [errors, ending] = await Promise.all([text(child.stderr), once(child, "exit")]);

    expect(ending).toEqual([0, null]);
    expect(errors.trim().split("\n")).toEqual([
      expect.stringContaining(
        `Metrics go to 127.0.0.1:${receiver.port} over UDP instead of the unix socket ${path}, which needs the native module unix-dgram`,
      ),
    ]);
    const lines = await receiver.lines(502);
    expect(lines.find(({ name }) => name === "calls")?.value).toBe("500");
    receiver.stop();
  });
});

describe.skipIf(module === undefined)(
  `with the native module (${module === undefined ? built : "built for this run"})`,
  () => {
    test("datagrams are up to 8,192 bytes long, and the process ends by itself", async () => {
      const { sizes, values } = listen(path);

      expect(await run({ end: "close", series: 1_000 })).toEqual({ errors: "", ending: [0, null] });

      await expect.poll(() => values("calls")).toEqual(["500"]);
      expect(Math.max(...sizes)).toBeGreaterThan(8_000);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(8_192);
    });

    test.for([
      ["natural end", 0],
      ["process.exit", 3],
      ["uncaught exception", 1],
      ["wait", "SIGTERM"],
    ] as const)("nothing is lost at the end, though the queue is short: %s", async ([end, how]) => {
      const { values, lines } = listen(path);
      const isSignal = how === "SIGTERM";

      // Some 20 datagrams, where the kernel queues 10 by default.
      const { ending } = await run({ end, series: 3_000 }, {}, isSignal ? how : undefined);

      expect(ending).toEqual(isSignal ? [null, how] : [how, null]);
      await expect.poll(() => lines.length).toBe(3_502);
      expect(values("calls")).toEqual(["500"]);
      expect(values("calls.number")).toHaveLength(500);
      expect(new Set(values("calls.set")).size).toBe(500);
    });

    test("an Agent that is absent, comes, restarts and goes loses nothing that fits the buffer", async () => {
      const hooks = registerHooks({
        resolve: (specifier, context, next) =>
          specifier === "unix-dgram"
            ? {
                url: pathToFileURL(module?.entry ?? "").href,
                format: "commonjs",
                shortCircuit: true,
              }
            : next(specifier, context),
      });
      onTestFinished(() => hooks.deregister());
      const { metrics } = startClient({
        dogstatsd: { socketPath: path },
        flushIntervalMs: 50,
        aggregation: { enabled: false },
      });
      const received: string[] = [];

      metrics.increment("n", 1);
      await metrics.flush();
      expect(metrics.counts()).toMatchObject({ recorded: 1, sent: 0, buffered: 1 });
      for (const value of [2, 3]) {
        const agent = listen(path);
        metrics.increment("n", value);
        // hot-shots opens the socket again at most once a second.
        await expect.poll(() => agent.values("n").at(-1), { timeout: 5_000 }).toBe(String(value));
        received.push(...agent.values("n"));
        agent.stop();
        metrics.increment("n", value * 10);
        await metrics.flush();
      }
      await metrics.close();

      expect([...received].map(Number).sort((left, right) => left - right)).toEqual([1, 2, 3, 20]);
      expect(metrics.counts()).toMatchObject({
        recorded: 5,
        sent: 4,
        buffered: 0,
        dropped: { metric_undelivered_at_close: 1 },
      });
    });
  },
);
