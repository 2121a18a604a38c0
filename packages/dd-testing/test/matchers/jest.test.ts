import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("./fixtures", import.meta.url));
const source = fileURLToPath(new URL("../../src", import.meta.url));
const require = createRequire(import.meta.url);
const jest = require.resolve("jest/bin/jest");

const config = {
  rootDir: folder,
  testMatch: ["**/*.jest.mjs"],
  moduleFileExtensions: ["mjs", "ts", "js", "json"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.(mjs|ts)$": `${folder}/jest-transform.mjs` },
  transformIgnorePatterns: ["/node_modules/"],
  testEnvironmentOptions: { customExportConditions: ["@llmdevops/source", "node"] },
  // jest looks up a package only in node_modules, and this one is under test.
  moduleNameMapper: { "^@llmdevops/dd-testing$": `${source}/index.ts` },
  setupFilesAfterEnv: [`${source}/jest.ts`],
  cache: false,
  watchman: false,
};

interface JestResult {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

function runJest(): Promise<readonly JestResult[]> {
  const commandLine = [
    jest,
    "--json",
    "--silent",
    "--runInBand",
    "--config",
    JSON.stringify(config),
  ];
  const options = {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "--experimental-vm-modules --no-warnings", NO_COLOR: "1" },
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, commandLine, options, (_error, output, errors) => {
      try {
        resolve(JSON.parse(output).testResults[0].assertionResults);
      } catch {
        reject(new Error(`jest gave no result: ${errors}`));
      }
    });
  });
}

test("in jest the matchers hold, fail with a readable message, and refuse what has no spans", async () => {
  const results = await runJest();

  const message = (name: string): string =>
    results.find(({ fullName }) => fullName === name)?.failureMessages[0] ?? "";
  expect(results.map(({ fullName, status }) => `${status}: ${fullName}`)).toEqual([
    "passed: every matcher holds",
    "failed: a missing span fails",
    "failed: a span that should not be there fails",
    "failed: a source without spans fails",
  ]);
  expect(message("a missing span fails")).toMatch(
    /^Error: No span with name "refund"\.\nNearest: checkout .*\n {2}name is "checkout", expected "refund"\nSpans:\ncheckout /,
  );
  expect(message("a span that should not be there fails")).toContain('"checkout"');
  expect(message("a source without spans fails")).toMatch(/^TypeError: /);
}, 60_000);
