import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { moduleAddress } from "../module-address.ts";
import { readPath } from "./untyped.ts";

/** A dd-trace as it lies on the disk. */
export interface InstalledTracer {
  /** Version of the installed `dd-trace`. */
  readonly version: string;
  /** Its folder. */
  readonly folder: string;
  /** Names of the environment variables that it reads; empty where this version does not list them. */
  readonly variables: readonly string[];
}

/**
 * Finds dd-trace without loading it.
 *
 * @param folder Where to look for it from. @default where this package finds it
 * @returns `undefined` where there is none.
 */
export function installedTracer(folder?: string): InstalledTracer | undefined {
  const load = createRequire(folder === undefined ? moduleAddress : join(folder, "noop.js"));
  try {
    const manifest = load.resolve("dd-trace/package.json");
    const version = readPath(load(manifest), "version");
    if (typeof version !== "string") return undefined;
    return { version, folder: dirname(manifest), variables: supportedVariables(load) };
  } catch {
    return undefined;
  }
}

function supportedVariables(load: NodeJS.Require): readonly string[] {
  try {
    const path = "dd-trace/packages/dd-trace/src/config/supported-configurations.json";
    return Object.keys(Object(readPath(load(path), "supportedConfigurations")));
  } catch {
    return [];
  }
}
