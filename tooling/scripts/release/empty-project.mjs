// Projects as a user has them: outside the workspace, with nothing but what npm installs.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "./execute.mjs";

/** Installs packages into a new project; returns its folder. */
export function install(folder, packages, registry, type = "commonjs") {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type }),
  );
  const flags = ["--no-audit", "--no-fund", "--loglevel=error"];
  execute(folder, "npm", ["install", ...flags, ...packages], registry.variables);
  return folder;
}

/** The installed packages with their versions, by path. */
export function installed(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, { version }]) => ({ name: path.replace(/^.*node_modules\//, ""), version }));
}

/** The bytes of all files under a folder. */
export function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
