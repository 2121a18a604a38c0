// The packed tarballs, installed into empty projects outside the workspace, work by import and by require on the
// supported versions of Node; and a package that needs no dd-trace does not bring it along.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConsumerTests, runnerPackages } from "./check-consumer-tests.mjs";
import { nodeVersions, progress, root } from "./workspace.mjs";

const applications = ["application.mjs", "application.cjs"];
const withoutTracer = ["dd-redaction", "dd-propagation", "dd-core", "dd-metrics"];
const folder = mkdtempSync(join(tmpdir(), "llmdevops-consumer-"));

try {
  const tarballs = pack();
  const project = join(folder, "all");
  install(project, Object.values(tarballs));
  for (const application of applications) {
    cpSync(join(root, "tooling", "consumer", application), join(project, application));
  }
  for (const version of [nodeVersions.node22, nodeVersions.node24]) {
    for (const application of applications) {
      const output = execute(project, "npx", ["-y", "-p", `node@${version}`, "node", application]);
      process.stdout.write(`Node ${version}: ${output}`);
    }
  }
  process.stdout.write(checkCommand(project));
  const small = join(folder, "small");
  install(
    small,
    withoutTracer.map((name) => tarballs[name]),
  );
  if (existsSync(join(small, "node_modules", "dd-trace"))) {
    throw new Error("@llmdevops/dd-metrics installs dd-trace, which it must not.");
  }
  process.stdout.write("dd-metrics, dd-redaction and dd-propagation install without dd-trace\n");
  const tests = join(folder, "tests");
  install(tests, [...Object.values(tarballs), ...runnerPackages]);
  process.stdout.write(checkConsumerTests(tests, execute));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Packs every package; returns the tarballs by folder name. */
function pack() {
  progress("packing the packages");
  const tarballs = {};
  for (const name of readdirSync(join(root, "packages"))) {
    const destination = join(folder, "tarballs", name);
    mkdirSync(destination, { recursive: true });
    execute(join(root, "packages", name), "pnpm", ["pack", "--pack-destination", destination]);
    tarballs[name] = join(destination, readdirSync(destination)[0]);
  }
  return tarballs;
}

/** The command and `register`, as they are installed. */
function checkCommand(project) {
  const help = execute(project, "npx", ["@llmdevops/dd", "--help"]);
  const print = "process.stdout.write(require('@llmdevops/dd').getClient().health().tracing)";
  const registered = ["--import", "@llmdevops/dd/register", "--eval", print];
  const state = execute(project, "node", registered, { DD_SERVICE: "consumer" });
  if (help.startsWith("Usage: npx @llmdevops/dd check") && state === "active") {
    return "the command and register work\n";
  }
  throw new Error(`The command or register does not work:\n${help}\n${state}`);
}

function install(project, tarballs) {
  progress(`installing ${tarballs.length} packages into an empty project`);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  execute(project, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs]);
}

function execute(cwd, command, commandArguments, variables = {}) {
  // A clean environment: nothing of the workspace's own settings may help the consumer.
  const { NODE_OPTIONS: _nodeOptions, ...env } = process.env;
  try {
    return execFileSync(command, commandArguments, {
      cwd,
      env: { ...env, ...variables },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 240_000,
    });
  } catch (error) {
    throw new Error(
      `${command} ${commandArguments.join(" ")} failed:\n${error.stdout}\n${error.stderr}`,
    );
  }
}
