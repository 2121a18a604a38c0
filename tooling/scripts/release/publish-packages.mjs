// Publishes every package as a release would: the packed files, with the versions that are asked for.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.mjs";
import { execute } from "./execute.mjs";

/** Packs every package and unpacks it again; returns the folders by package name. */
export function packPackages(folder) {
  const packages = {};
  for (const name of readdirSync(join(root, "packages"))) {
    const destination = join(folder, name);
    mkdirSync(destination, { recursive: true });
    execute(join(root, "packages", name), join(root, "node_modules", ".bin", "pnpm"), [
      "pack",
      "--pack-destination",
      destination,
    ]);
    const [tarball] = readdirSync(destination);
    execute(destination, "tar", ["-xzf", tarball]);
    packages[name] = join(destination, "package");
  }
  return packages;
}

/** Publishes a packed package; those of the family that it needs are named with a caret, as changesets does. */
export function publishPackage(source, version, familyVersion, registry) {
  const folder = `${source}-${version}`;
  cpSync(source, folder, { recursive: true });
  const path = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  for (const section of ["dependencies", "peerDependencies"]) {
    for (const dependency of Object.keys(manifest[section] ?? {})) {
      if (dependency.startsWith("@llmdevops/")) manifest[section][dependency] = `^${familyVersion}`;
    }
  }
  // Provenance comes from the release workflow and cannot be had here.
  const { publishConfig: _publishConfig, ...rest } = manifest;
  writeFileSync(path, JSON.stringify({ ...rest, version }, undefined, 2));
  execute(folder, "npm", ["publish", "--loglevel=error"], registry.variables);
}
