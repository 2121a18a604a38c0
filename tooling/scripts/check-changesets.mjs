// Every changeset names packages that exist, and a kind of change that changesets knows.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const names = new Set(
  readdirSync(join(root, "packages")).map(
    (folder) =>
      JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")).name,
  ),
);
const folder = join(root, ".changeset");
const problems = [];
for (const file of readdirSync(folder)) {
  if (!file.endsWith(".md") || file === "README.md") continue;
  const [, header = "", text = ""] = readFileSync(join(folder, file), "utf8").split(/^---$/m);
  const lines = header.trim().split("\n");
  for (const line of lines) {
    const match = /^"([^"]+)": (patch|minor|major)$/.exec(line.trim());
    if (match === null || !names.has(match[1])) problems.push(`${file}: cannot read "${line}"`);
  }
  if (text.trim() === "") problems.push(`${file}: has no text`);
}
for (const problem of problems) process.stderr.write(`.changeset/${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
