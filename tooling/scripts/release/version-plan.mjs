// What changesets would release for one changeset, tried in a copy of the workspace's manifests.
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.mjs";
import { execute } from "./execute.mjs";

/** Returns the version of every package after a change of one of them, when all are at 1.0.0 before. */
export function versionsAfter(folder, changed, kind) {
  const names = readdirSync(join(root, "packages"));
  mkdirSync(join(folder, ".changeset"), { recursive: true });
  for (const file of ["package.json", "pnpm-workspace.yaml", ".changeset/config.json"]) {
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const name of names) {
    const path = join("packages", name, "package.json");
    const manifest = JSON.parse(readFileSync(join(root, path), "utf8"));
    mkdirSync(join(folder, "packages", name), { recursive: true });
    writeFileSync(
      join(folder, path),
      JSON.stringify({ ...manifest, version: "1.0.0", devDependencies: {} }, undefined, 2),
    );
  }
  const header = `---\n"@llmdevops/${changed}": ${kind}\n---\n`;
  writeFileSync(join(folder, ".changeset", "change.md"), `${header}\nA change.\n`);
  const git = ["-c", "user.name=release", "-c", "user.email=release@localhost"];
  execute(folder, "git", ["init", "-q", "-b", "main"]);
  execute(folder, "git", ["add", "packages", ".changeset"]);
  execute(folder, "git", [...git, "commit", "-q", "-m", "before"]);
  execute(folder, join(root, "node_modules", ".bin", "changeset"), ["version"]);
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, "packages", name, "package.json");
      return [name, JSON.parse(readFileSync(path, "utf8")).version];
    }),
  );
}
