// Type-checks every TypeScript code block of the documentation, runs those marked with <!-- run --> and compares
// what they print with the text block that follows, and finds links to files that do not exist. Examples in docstrings
// are type-checked too, and run where they say what their expressions result in.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { docstringExamples } from "./docstring-examples.mjs";
import { root, run } from "./workspace.mjs";

const target = join(root, "tooling", "documentation", "extracted");
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

let blocks = 0;
const brokenLinks = [];
const examples = [];
for (const file of documentationFiles()) {
  const text = readFileSync(file, "utf8");
  const name = relative(root, file).replace(/[^a-zA-Z0-9]+/g, "-");
  for (const match of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
    blocks += 1;
    const line = text.slice(0, match.index).split("\n").length + 1;
    const source = `// ${relative(root, file)}:${line}\nexport {};\n${match[1]}`;
    const path = join(target, `${name}-${line}.ts`);
    writeFileSync(path, source);
    if (text.slice(0, match.index).trimEnd().endsWith("<!-- run -->")) {
      const rest = text.slice(match.index + match[0].length);
      const expected = /^```text\n([\s\S]*?)^```$/m.exec(rest)?.[1] ?? "";
      examples.push({ path, expected, place: `${relative(root, file)}:${line}` });
    }
  }
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
  for (const [, link, anchor] of prose.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)) {
    if (/^[a-z]+:/i.test(link)) continue;
    const target = link === "" ? file : join(dirname(file), link);
    const isThere = existsSync(target) && (anchor === undefined || hasHeading(target, anchor));
    if (!isThere) brokenLinks.push(`${relative(root, file)}: ${link}${anchor ? `#${anchor}` : ""}`);
  }
}
const docstrings = docstringExamples();
for (const { name, source } of docstrings) writeFileSync(join(target, name), source);
for (const link of brokenLinks) process.stderr.write(`broken link in ${link}\n`);
const code = blocks === 0 ? 0 : await run("tsc", ["-p", "tooling/documentation"]);
const wrongExamples = examples.filter((example) => !printsWhatItSays(example));
const runDocstrings = docstrings.filter(({ runs }) => runs);
const wrongDocstrings = failing(runDocstrings);
process.stdout.write(
  `${blocks} code blocks, ${examples.length} of them run, ${wrongExamples.length} with other output; ${brokenLinks.length} broken links\n`,
);
process.stdout.write(
  `${docstrings.length} examples in docstrings, ${runDocstrings.length} of them run, ${wrongDocstrings} with other results\n`,
);
const wrong = brokenLinks.length + wrongExamples.length + wrongDocstrings;
process.exitCode = code === 0 && wrong === 0 ? 0 : 1;

function printsWhatItSays({ path, expected, place }) {
  const { stdout, stderr, status } = runNode([path]);
  if (status === 0 && stdout === expected) return true;
  process.stderr.write(`${place} prints\n${stdout}${stderr}instead of\n${expected}\n`);
  return false;
}

/** Runs examples of docstrings in one process; how many of them result in something else than they say. */
function failing(docstrings) {
  const files = docstrings.map(({ name, place }) => [
    pathToFileURL(join(target, name)).href,
    place,
  ]);
  const program = `
    for (const [file, place] of ${JSON.stringify(files)}) {
      try { await import(file); } catch (error) { console.log(place + ": " + (error?.message ?? error)); }
    }`;
  const { stdout, stderr, status } = runNode(["--input-type=module", "--eval", program]);
  const places = docstrings.filter(({ place }) => stdout.includes(`${place}: `));
  if (status === 0 && places.length === 0) return 0;
  process.stderr.write(`${stdout}${stderr}\n`);
  return Math.max(places.length, 1);
}

function runNode(nodeArguments) {
  return spawnSync(
    join(root, "node_modules", ".bin", "node"),
    ["--conditions=@llmdevops/source", ...nodeArguments],
    { encoding: "utf8", timeout: 60_000, env: { ...process.env, NO_COLOR: "1" } },
  );
}

/** Whether a page has the heading that an anchor names, by GitHub's rules. */
function hasHeading(file, anchor) {
  if (!file.endsWith(".md")) return true;
  const headings = readFileSync(file, "utf8").replace(/^```[\s\S]*?^```$/gm, "");
  return [...headings.matchAll(/^#+ (.+)$/gm)].some(
    ([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-") === anchor,
  );
}

function documentationFiles() {
  const files = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map((file) => join(root, file));
  for (const folder of ["packages", "examples"]) {
    for (const name of readdirSync(join(root, folder))) {
      files.push(join(root, folder, name, "README.md"));
    }
  }
  for (const entry of readdirSync(join(root, "docs"), { recursive: true })) {
    if (String(entry).endsWith(".md")) files.push(join(root, "docs", String(entry)));
  }
  return files.filter((file) => existsSync(file));
}
