import { isMainThread } from "node:worker_threads";
import { MissingServiceNameError } from "@llmdevops/dd-core";
import type { DatadogAPMClient } from "../client.ts";
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
    const { client, isNamedByPackage } = createFromEnvironment();
    markRegistered(client);
    const isWanted = !/^(false|0)$/i.test(process.env["DD_LLMDEVOPS_STARTUP_LOG"]?.trim() ?? "");
    // A worker thread has the same settings as the main thread, which has said them.
    if (isMainThread && isWanted) sayLine("INFO", describeClient(client, isNamedByPackage));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "an unknown error";
    sayLine("ERROR", `Nothing is recorded in this process. ${reason}`);
  }
}

function createFromEnvironment(): { client: DatadogAPMClient; isNamedByPackage: boolean } {
  try {
    return { client: createClient(), isNamedByPackage: false };
  } catch (error) {
    const isNameless = MissingServiceNameError.isInstance(error);
    const service = isNameless ? packageName(process.argv[1], process.cwd()) : undefined;
    if (service === undefined) throw error;
    return { client: createClient({ service }), isNamedByPackage: true };
  }
}
