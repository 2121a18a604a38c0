import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** One process of the example. */
export interface DemoProcess {
  /** Lines of its standard output, each a JSON log record. */
  readonly logLines: readonly string[];
  /** Resolves with the first message that has the wanted field. */
  message<T>(field: string): Promise<T>;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  stop(): void;
}

/** Starts a module of the example in a process of its own, with the sources of the packages. */
export function startProcess(module: string, environment: NodeJS.ProcessEnv): DemoProcess {
  const path = fileURLToPath(new URL(`../src/${module}`, import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    ["--conditions=@llmdevops/source", "--disable-warning=ExperimentalWarning", path],
    { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "inherit", "ipc"] },
  );
  const logLines: string[] = [];
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => logLines.push(line));
  }
  const messages: Record<string, unknown>[] = [];
  child.on("message", (message) => messages.push(message as Record<string, unknown>));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return {
    logLines,
    exited,
    message: <T>(field: string) => waitForMessage<T>(child, messages, exited, module, field),
    stop: () => child.kill("SIGTERM"),
  };
}

async function waitForMessage<T>(
  child: ChildProcess,
  messages: readonly Record<string, unknown>[],
  exited: Promise<number | null>,
  module: string,
  field: string,
): Promise<T> {
  const received = new Promise<void>((resolve) => {
    const check = () => {
      if (messages.some((message) => field in message)) resolve();
    };
    child.on("message", check);
    check();
  });
  await Promise.race([received, exited]);
  const found = messages.find((message) => field in message);
  if (found === undefined) throw new Error(`${module} ended before it reported its ${field}.`);
  return found[field] as T;
}
