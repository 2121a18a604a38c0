import { isMainThread } from "node:worker_threads";
import { createClient } from "../create-client.ts";
import { markRegistered, processClient } from "../process/process-client.ts";
import { isPackageManager, packageName } from "./application-package.ts";
import { describeClient } from "./describe-client.ts";
import { sayLine } from "./say-line.ts";

/**
 * Makes the client of this process from the environment alone, before the application is loaded. It never throws: what
 * is wrong is said in one line, and the application runs without observability.
 */
export function registerClient(): void {
  try {
    // `NODE_OPTIONS` reaches npm and its like too, which are not the application.
    if (isPackageManager(process.argv[1])) return;
    // Another copy of this package, or code that ran before, has made one.
    if (processClient() !== undefined) return;
    const service = hasServiceName() ? undefined : packageName(process.argv[1], process.cwd());
    const client = createClient(service === undefined ? {} : { service });
    markRegistered(client);
    const isWanted = !/^(false|0)$/i.test(process.env["DD_LLMDEVOPS_STARTUP_LOG"]?.trim() ?? "");
    // A worker thread has the same settings as the main thread, which has said them.
    if (isMainThread && isWanted) sayLine("INFO", describeClient(client, service !== undefined));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "an unknown error";
    sayLine("ERROR", `Nothing is recorded in this process. ${reason}`);
  }
}

function hasServiceName(): boolean {
  const tags = process.env["DD_TAGS"] ?? "";
  return Boolean(process.env["DD_SERVICE"]?.trim()) || /(^|[\s,])service:[^\s,]/.test(tags);
}
