// Sets the workspace up with nothing but Node >= 20 and npm: plain JavaScript, no dependency.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the packages are tried on: the least that they promise, and the newest of each line. */
export const nodeVersions = {
  minimum: "22.12.0",
  node22: "22.23.2",
  node24: "24.21.0",
  node26: "26.10.0",
};

export const root = fileURLToPath(new URL("../..", import.meta.url));
const binaries = join(root, "node_modules", ".bin");
const stampFile = join(root, "node_modules", ".workspace-stamp");

/** Runs a command with the workspace's own Node and tools first on the path. */
export function run(command, commandArguments, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      cwd: root,
      stdio: "inherit",
      shell: process.platform === "win32",
      ...options,
      env: {
        ...process.env,
        DO_NOT_TRACK: "1",
        PATH: `${binaries}${delimiter}${process.env.PATH ?? ""}`,
        ...options.env,
      },
    });
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
    options.onStart?.(child);
  });
}

/** Installs what the lockfile says, unless that was done before. */
export async function install() {
  const stamp = lockfileStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  progress("installing dependencies (first time: about half a minute)");
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const code = await run("npx", ["-y", packageManager, "install", "--frozen-lockfile"], {
    stdio: ["ignore", 2, 2],
  });
  if (code !== 0) {
    process.stderr.write(
      `\nThe dependencies could not be installed (exit code ${code}). Check that the npm registry is reachable and try again.\n`,
    );
    process.exit(code);
  }
  writeFileSync(stampFile, stamp);
}

/** One line of progress, on standard error so that standard output stays clean. */
export function progress(text) {
  process.stderr.write(`· ${text}\n`);
}

function lockfileStamp() {
  const hash = createHash("sha256");
  const manifests = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"];
  for (const folder of ["packages", "examples", "tooling"]) {
    for (const name of readdirSync(join(root, folder)).sort()) {
      manifests.push(join(folder, name, "package.json"));
    }
  }
  for (const manifest of manifests) {
    const path = join(root, manifest);
    if (existsSync(path)) hash.update(manifest).update(readFileSync(path));
  }
  return hash.digest("hex");
}
