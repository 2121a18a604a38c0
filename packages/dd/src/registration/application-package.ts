import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

const packageManagers =
  /[\\/](npm-cli|npx-cli|npm-prefix|yarn|yarnpkg|pnpm|pnpx|corepack|npm|npx)(\.[cm]?js)?$/;
const mostFolders = 32;
/** More than any manifest that a person has written. */
const longestManifest = 1_000_000;

/** Whether the process is npm or its like, which only starts the application. */
export function isPackageManager(script: string | undefined): boolean {
  return script !== undefined && packageManagers.test(script);
}

/**
 * The name in the nearest package.json, as dd-trace finds its default for the service.
 *
 * @param script The file that Node runs. @default the folder decides
 * @param folder Where to begin without one.
 * @returns `undefined` where no manifest up to the root has a name.
 */
export function packageName(script: string | undefined, folder: string): string | undefined {
  const file = script === undefined ? undefined : realPath(script);
  // A framework's own command, such as next, starts the application in the folder where it is called.
  const isInstalled = file !== undefined && /[\\/]node_modules[\\/]/.test(file);
  let current = file === undefined || isInstalled ? folder : dirname(file);
  for (let depth = 0; depth < mostFolders; depth += 1) {
    const name = nameIn(join(current, "package.json"));
    if (name !== undefined) return name;
    const parent = dirname(current);
    if (parent === current) return undefined;
    current = parent;
  }
  return undefined;
}

function realPath(script: string): string {
  try {
    return realpathSync(script);
  } catch {
    return script;
  }
}

function nameIn(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    if (text.length > longestManifest) return undefined;
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== "object" || manifest === null) return undefined;
    const name: unknown = Reflect.get(manifest, "name");
    return typeof name === "string" && name.trim() !== "" ? name.trim() : undefined;
  } catch {
    return undefined;
  }
}
