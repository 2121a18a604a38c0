// npm test: everything that CI checks, ending with one line "N passed, N failed".
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { install, progress, root, run } from "./workspace.mjs";

const resultsFile = join(root, "coverage", "results.json");

await install();
/** What is checked besides the tests; each counts as one. */
const checks = [
  ["build", ["turbo", "run", "build", "--output-logs=errors-only"]],
  ["types", ["turbo", "run", "typecheck", "--output-logs=errors-only"]],
  ["packages", ["turbo", "run", "lint:package", "--output-logs=errors-only"]],
  ["lint", ["biome", "check", "."]],
  ["boundaries", ["turbo", "boundaries"]],
  ["unused code", ["knip", ["--no-config-hints"]]],
  ["documentation", ["node", "tooling/scripts/check-documentation.mjs"]],
  ["site", ["node", "tooling/scripts/site.mjs"]],
  ["changesets", ["node", "tooling/scripts/check-changesets.mjs"]],
  [
    "speed",
    [
      "node",
      "tooling/bench-report/src/main.ts",
      ...["--quick", "--guard", "dd-core", "dd-metrics", "dd-propagation"],
    ],
  ],
  ["consumer", ["node", "tooling/scripts/check-consumer.mjs"]],
];

const failed = [];
let passed = 0;
for (const [name, [command, ...commandArguments]] of checks) {
  progress(`checking ${name}`);
  if ((await run(command, commandArguments)) === 0) passed += 1;
  else failed.push(name);
}

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
