// npm run check:release: publishes every package to a registry of this machine and uses each as its users would: alone,
// by import and require, on every supported version of Node, in TypeScript projects, bundled, and upgraded one by one.
// Then all tests run on Node 22, and those that hang on Node on the newest.
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, installed, sizeOf } from "./release/empty-project.mjs";
import { execute } from "./release/execute.mjs";
import { firstTrace } from "./release/first-trace.mjs";
import { startRegistry } from "./release/local-registry.mjs";
import { packPackages, publishPackage } from "./release/publish-packages.mjs";
import { versionsAfter } from "./release/version-plan.mjs";
import { nodeVersions, progress, root, run, install as setUp } from "./workspace.mjs";

const compilerVersions = ["5.9.3", "7.0.2"];
const bundler = "esbuild@0.28.2";
/** Nobody who installs one of these gets dd-trace, which is about a hundred megabytes. */
const withoutTracer = [
  "dd-core",
  "dd-metrics",
  "dd-propagation",
  "dd-redaction",
  "dd-llm",
  "dd-agent",
];
const bundleFormats = { esm: "mjs", cjs: "cjs" };
const names = readdirSync(join(root, "packages"));
const consumer = join(root, "tooling", "consumer");
const folder = mkdtempSync(join(tmpdir(), "llmdevops-release-"));
let registry;

try {
  await setUp();
  if ((await run("turbo", ["run", "build", "--output-logs=errors-only"])) !== 0) {
    throw new Error("The packages cannot be built.");
  }
  progress("starting a local registry");
  registry = await startRegistry(join(folder, "registry"));
  const packed = packPackages(join(folder, "packed"));
  for (const name of names) publishPackage(packed[name], "1.0.0", "1.0.0", registry);
  progress(`published ${names.length} packages`);

  const first = await firstTrace(join(folder, "first"), registry);
  process.stdout.write(
    `a first trace arrives ${first.seconds} s after an empty folder, with ${first.lines} lines of code\n`,
  );
  checkEachAlone();
  const whole = install(join(folder, "whole"), ["@llmdevops/dd@1.0.0"], registry);
  checkNodeVersions(whole);
  checkCommand(whole);
  checkCompilers();
  checkBundles(whole);
  checkUpgrades(packed);
  checkVersionPlan();
  await checkTests("--all", nodeVersions.node22);
  await checkTests(nodeVersions.node26);
  process.stdout.write("the packages can be released\n");
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  registry?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Each package in a project of its own: what it brings, how large that is, and that it loads both ways. */
function checkEachAlone() {
  progress("installing each package alone");
  process.stdout.write(`${row("package", "packages", "KB own", "MB all", "dd-trace")}\n`);
  for (const name of names) {
    const project = install(join(folder, "alone", name), [`@llmdevops/${name}@1.0.0`], registry);
    const tree = installed(project);
    const hasTracer = tree.some((entry) => entry.name === "dd-trace");
    if (hasTracer && withoutTracer.includes(name)) {
      throw new Error(`@llmdevops/${name} installs dd-trace, which it must not.`);
    }
    const modules = join(project, "node_modules");
    const own = Math.round(sizeOf(join(modules, "@llmdevops", name)) / 1024);
    const all = (sizeOf(modules) / 1024 / 1024).toFixed(1);
    process.stdout.write(`${row(name, tree.length, own, all, hasTracer ? "yes" : "no")}\n`);
    const entry = JSON.stringify(`@llmdevops/${name}`);
    const loads = `Object.keys(module).length > 0 || process.exit(1)`;
    execute(project, "node", [
      "--input-type=module",
      "--eval",
      `import * as module from ${entry}; ${loads}`,
    ]);
    execute(project, "node", ["--eval", `const module = require(${entry}); ${loads}`]);
  }
}

function row(...cells) {
  const [first, ...rest] = cells.map(String);
  return first.padEnd(16) + rest.map((cell) => cell.padStart(10)).join("");
}

function checkNodeVersions(project) {
  const applications = ["application.mjs", "application.cjs"];
  for (const application of applications) {
    cpSync(join(consumer, application), join(project, application));
  }
  cpSync(join(consumer, "release", "registered.mjs"), join(project, "registered.mjs"));
  for (const version of Object.values(nodeVersions)) {
    for (const application of applications) {
      const node = ["-y", "-p", `node@${version}`, "node"];
      const output = execute(project, "npx", [...node, application]);
      process.stdout.write(`Node ${version}: ${output}`);
    }
    const register = ["-y", "-p", `node@${version}`, "node", "--import", "@llmdevops/dd/register"];
    const variables = { DD_SERVICE: "consumer", DD_LLMDEVOPS_INTEGRATIONS: "http" };
    const output = execute(project, "npx", [...register, "registered.mjs"], variables);
    process.stdout.write(`Node ${version}: ${output}`);
  }
}

/** The tests of the sources, which Node before 22.18 cannot read. */
async function checkTests(...options) {
  if ((await run("node", ["tooling/scripts/check-node.mjs", ...options])) !== 0) {
    throw new Error(`Tests fail on Node ${options.at(-1)}.`);
  }
}

/** The command and `register`, from what is installed. */
function checkCommand(project) {
  const help = execute(project, "npx", ["@llmdevops/dd", "--help"]);
  if (!help.startsWith("Usage: npx @llmdevops/dd check")) throw new Error(`No help: ${help}`);
  const print = "process.stdout.write(require('@llmdevops/dd').getClient().health().tracing)";
  const state = execute(project, "node", ["--import", "@llmdevops/dd/register", "--eval", print], {
    DD_SERVICE: "consumer",
  });
  if (state !== "active") throw new Error(`register has made no client: ${state}`);
  process.stdout.write("the command and register work\n");
}

function checkCompilers() {
  for (const version of compilerVersions) {
    const packages = names.map((name) => `@llmdevops/${name}@1.0.0`);
    const project = install(
      join(folder, `typescript-${version}`),
      [...packages, `typescript@${version}`, "@types/node@24"],
      registry,
      "module",
    );
    cpSync(join(consumer, "release", "consumer.ts"), join(project, "consumer.ts"));
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--types", "node"];
    const stricter = ["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
    execute(project, "npx", [
      "tsc",
      ...flags,
      ...stricter,
      "--skipLibCheck",
      "--target",
      "es2022",
      "consumer.ts",
    ]);
    process.stdout.write(`TypeScript ${version} accepts the types\n`);
  }
}

/** dd-trace says of itself that it cannot be bundled; everything else can. */
function checkBundles(project) {
  for (const [format, extension] of Object.entries(bundleFormats)) {
    const outfile = `bundle.${extension}`;
    const source = `application.${extension}`;
    const flags = ["--bundle", "--platform=node", `--format=${format}`, "--external:dd-trace"];
    const commonJs =
      "import { createRequire as c } from 'node:module'; const require = c(import.meta.url);";
    const banner = format === "esm" ? [`--banner:js=${commonJs}`] : [];
    const options = [...flags, ...banner, "--log-level=error", `--outfile=${outfile}`];
    execute(project, "npx", ["-y", bundler, source, ...options]);
    const output = execute(project, "node", [outfile]);
    process.stdout.write(`bundled as ${format}: ${output}`);
  }
}

/** A new version of one package reaches its users without a new version of any other. */
function checkUpgrades(packed) {
  const project = install(join(folder, "upgraded"), ["@llmdevops/dd-metrics@1.0.0"], registry);
  publishPackage(packed["dd-redaction"], "1.1.0", "1.0.0", registry);
  execute(project, "npm", ["update", "--no-audit", "--no-fund"], registry.variables);
  const versions = Object.fromEntries(
    installed(project).map(({ name, version }) => [name, version]),
  );
  const expected = { "dd-redaction": "1.1.0", "dd-core": "1.0.0", "dd-metrics": "1.0.0" };
  for (const [name, version] of Object.entries(expected)) {
    if (versions[`@llmdevops/${name}`] !== version) {
      throw new Error(`@llmdevops/${name} is ${versions[`@llmdevops/${name}`]}, not ${version}.`);
    }
  }
  writeFileSync(join(project, "check.cjs"), "require('@llmdevops/dd-metrics');");
  execute(project, "node", ["check.cjs"]);
  process.stdout.write("one package is upgraded without the others\n");
}

/** Changesets releases a changed package alone, unless those that need it could no longer use it. */
function checkVersionPlan() {
  const versions = versionsAfter(join(folder, "plan"), "dd-redaction", "minor");
  const changed = Object.keys(versions).filter((name) => versions[name] !== "1.0.0");
  if (changed.join() !== "dd-redaction" || versions["dd-redaction"] !== "1.1.0") {
    throw new Error(`A minor change of dd-redaction releases ${changed.join(", ")}.`);
  }
  process.stdout.write("changesets releases a changed package alone\n");
}
