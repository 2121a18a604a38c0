// npm run check:node22, or node tooling/scripts/check-node.mjs 26.10.0 [--all]: runs tests on another version of Node.
// Without --all only those whose outcome hangs on Node itself: how modules are loaded and replaced, how context
// follows asynchronous calls, how processes and workers end, and how streams of the official SDKs do.
import { install, nodeVersions, progress, run } from "./workspace.mjs";

const dependOnNode = [
  "packages/dd-agent/test/agent-trace.test.ts",
  "packages/dd-core/test/agent-link/process-exit.test.ts",
  "packages/dd-core/test/oldest-dd-trace/",
  "packages/dd-metrics/test/own-process.test.ts",
  "packages/dd-testing/test/agent/lifecycle.test.ts",
  "packages/dd/test/contract/",
  "packages/dd/test/register/",
  "packages/dd/test/wrappers/conformance.test.ts",
  "examples/agents-frameworks/",
];

const flags = process.argv.slice(2);
const version = flags.find((flag) => !flag.startsWith("--")) ?? nodeVersions.node22;

await install();
progress(`running the tests on Node ${version}`);
const node = ["-y", "-p", `node@${version}`, "node"];
// Else the machine's own Node would be taken for the one that is asked for.
const isThere = `process.exit(process.version === "v${version}" ? 0 : 1)`;
if ((await run("npx", [...node, "--eval", isThere])) === 0) {
  const tests = flags.includes("--all") ? [] : dependOnNode;
  process.exitCode = await run("npx", [...node, "node_modules/vitest/vitest.mjs", "run", ...tests]);
} else {
  process.stderr.write(`Node ${version} could not be had from the registry.\n`);
  process.exitCode = 1;
}
