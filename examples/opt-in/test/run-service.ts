import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The service as a process of its own. */
export interface RunningService {
  readonly url: string;
  /** Ends it as a container would; returns what it has written to standard error. */
  stop(): Promise<string>;
}

const folder = fileURLToPath(new URL("..", import.meta.url));

/** Starts the service with these variables and nothing else of this process. */
export async function runService(
  environment: Readonly<Record<string, string>>,
): Promise<RunningService> {
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], PORT: "0", DATABASE_POOL_SIZE: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors = text(child.stderr);
  let output = "";
  child.stdout.setEncoding("utf8");
  for await (const part of child.stdout) {
    output += part;
    if (output.includes("\n")) break;
  }
  const url = /http:\S+/.exec(output)?.[0];
  if (url === undefined) throw new Error(`The service did not start:\n${await errors}`);
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
      return errors;
    },
  };
}

/** Says something to the service; returns its answer. */
export async function chat(url: string, message: string): Promise<unknown> {
  const response = await fetch(`${url}/chats/7`, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close" },
    body: JSON.stringify({ message }),
  });
  return response.json();
}
