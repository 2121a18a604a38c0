// npm test: everything that CI checks, ending with one line "N passed, N failed".
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { install, progress, root, run } from "./workspace.mjs";

const resultsFile = join(root, "coverage", "results.json");

await install();
/** What is checked besides the tests; each counts as one. */
const checks = {
  types: ["turbo", "run", "typecheck", "--output-logs=errors-only"],
  packages: ["turbo", "run", "lint:package", "--output-logs=errors-only"],
  lint: ["biome", "check", "."],
  boundaries: ["turbo", "boundaries"],
  "unused code": ["knip", "--no-config-hints"],
  documentation: ["node", "tooling/scripts/check-documentation.mjs"],
  site: ["node", "tooling/scripts/site.mjs"],
  changesets: ["node", "tooling/scripts/check-changesets.mjs"],
};
/** These wait for the registry and for processes most of the time, so the others run meanwhile. */
const slowChecks = {
  consumer: ["node", "tooling/scripts/check-consumer.mjs"],
  "Node 22": ["node", "tooling/scripts/check-node.mjs"],
};
/** It compares speeds, so nothing else may run meanwhile. */
const guard = "tooling/bench-report/src/main.ts --quick --guard dd-core dd-metrics dd-propagation";

const failed = [];
let passed = 0;
await check("build", ["turbo", "run", "build", "--output-logs=errors-only"]);
await Promise.all([checkEach(checks), checkEach(slowChecks, true)]);
await check("speed", ["node", ...guard.split(" ")]);

progress("running the tests");
rmSync(resultsFile, { force: true });
const code = await run("vitest", [
  "run",
  "--coverage",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${resultsFile}`,
]);
const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")) : undefined;
passed += results?.numPassedTests ?? 0;
let failures = failed.length + (results?.numFailedTests ?? 0);
// A test file that could not be loaded, or coverage under its limit, fails without a failed test.
if (code !== 0 && (results === undefined || results.numFailedTests === 0)) failures += 1;

for (const name of failed) process.stdout.write(`failed: ${name}\n`);
if (results?.numPendingTests) process.stdout.write(`skipped: ${results.numPendingTests} tests\n`);
process.stdout.write(`${passed} passed, ${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;

/** One check after the other. */
async function checkEach(list, isBeside = false) {
  for (const [name, command] of Object.entries(list)) await check(name, command, isBeside);
}

/** Runs a check; one beside others says what it has to say when it is over. */
async function check(name, [command, ...commandArguments], isBeside = false) {
  progress(`checking ${name}`);
  const said = [];
  const options = {
    stdio: ["ignore", "pipe", "pipe"],
    onStart: ({ stdout, stderr }) => {
      stdout.on("data", (text) => said.push(text));
      stderr.on("data", (text) => said.push(text));
    },
  };
  const code = await run(command, commandArguments, isBeside ? options : {});
  process.stdout.write(Buffer.concat(said));
  if (code === 0) passed += 1;
  else failed.push(name);
}
