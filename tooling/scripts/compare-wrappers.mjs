// Runs the exits of an OpenAI chat stream against the wrappers of the peers and writes docs/comparison.md. Not part of
// CI: it installs the peers with npm, into a folder for temporary files that is used again the next time.
//
// node tooling/scripts/compare-wrappers.mjs
import { execFileSync, fork } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(tmpdir(), "llmdevops-comparison");
const packages = {
  openai: "6.49.0",
  "dd-trace": "6.21.0",
  "@langfuse/openai": "5.11.1",
  "@traceloop/instrumentation-openai": "0.27.0",
  "@arizeai/openinference-instrumentation-openai": "4.2.7",
  langsmith: "0.10.5",
  braintrust: "3.35.0",
  "@opentelemetry/api": "1.9.1",
  "@opentelemetry/sdk-trace-base": "2.12.1",
  "@opentelemetry/sdk-trace-node": "2.12.0",
};
/** Ours first: its process also makes the runs without a wrapper that all are compared with. */
const peers = [
  ["@llmdevops/dd", "this project"],
  ["dd-trace", "dd-trace, its own integration"],
  ["@langfuse/openai", "Langfuse"],
  ["@traceloop/instrumentation-openai", "OpenLLMetry"],
  ["@arizeai/openinference-instrumentation-openai", "OpenInference"],
  ["langsmith", "LangSmith"],
  ["braintrust", "Braintrust"],
];

function install() {
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.stringify({ private: true, dependencies: packages }, undefined, 2);
  const file = join(folder, "package.json");
  if (!existsSync(join(folder, "node_modules")) || readFileSync(file, "utf8") !== manifest) {
    writeFileSync(file, manifest);
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  copyFileSync(new URL("wrapper-exits.mjs", import.meta.url), join(folder, "wrapper-exits.mjs"));
}

function runPeer(name, bareRuns) {
  return new Promise((resolve, reject) => {
    const child = fork(join(folder, "wrapper-exits.mjs"), [name, repository], {
      cwd: folder,
      execArgv: ["--expose-gc", "--conditions=@llmdevops/source"],
      env: {
        ...process.env,
        ...(bareRuns === undefined ? {} : { BARE_RUNS: JSON.stringify(bareRuns) }),
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const limit = setTimeout(() => child.kill(), 180_000);
    let report;
    child.on("message", (message) => {
      report = message;
    });
    child.on("exit", () => {
      clearTimeout(limit);
      if (report === undefined) reject(new Error(`${name} has sent no result.`));
      else resolve(report);
    });
  });
}

/** What went wrong in one exit, in words; nothing is "as it should be". */
function verdict({ name, spans, isError, sameChunks, sameError, sameProvider, hasUsage }) {
  const isFailure = name === "error in the stream" || name === "connection breaks";
  const faults = [
    spans === 0 ? "no span" : undefined,
    spans > 1 ? `${spans} spans` : undefined,
    spans > 0 && isFailure && !isError ? "no error" : undefined,
    spans > 0 && !isFailure && isError ? "an error" : undefined,
    spans > 0 && !hasUsage ? "no usage" : undefined,
    sameChunks ? undefined : "other chunks",
    sameError ? undefined : "another error",
    sameProvider ? undefined : "the provider goes on",
  ].filter((fault) => fault !== undefined);
  return faults.length === 0 ? "✓" : faults.join(", ");
}

function versionOf(name) {
  const path =
    name === "@llmdevops/dd"
      ? join(repository, "packages/dd/package.json")
      : join(folder, "node_modules", name, "package.json");
  return JSON.parse(readFileSync(path, "utf8")).version;
}

function tableRow(cells) {
  return `| ${cells.join(" | ")} |`;
}

install();
const reports = new Map();
for (const [name] of peers) {
  process.stdout.write(`${name}\n`);
  reports.set(name, await runPeer(name, reports.get("@llmdevops/dd")?.bareRuns));
}

const exits = reports.get("@llmdevops/dd").results.map(({ name }) => name);
const header = ["exit", ...peers.map(([, title]) => title)];
const kept = (isKept) => (isKept ? "✓" : "lost");
const rows = [
  header,
  header.map(() => "---"),
  ["version", ...peers.map(([name]) => `\`${name}\` ${versionOf(name)}`)],
  ["`withResponse()`", ...peers.map(([name]) => kept(reports.get(name).extras.withResponse))],
  [
    "`tee`, `controller`, `toReadableStream`",
    ...peers.map(([name]) => kept(reports.get(name).extras.isStream)),
  ],
  ...exits.map((exit, index) => [
    exit,
    ...peers.map(([name]) => verdict(reports.get(name).results[index])),
  ]),
  [
    "rejections that nobody can catch",
    ...peers.map(([name]) => reports.get(name).unhandled.length || "none"),
  ],
];

writeFileSync(
  join(repository, "docs/comparison.md"),
  `# How wrappers treat a stream

The exits of one OpenAI chat stream (\`openai\` ${packages.openai}, \`include_usage\` on), through the wrapper of each
project and without any, over HTTP to the provider server of \`@llmdevops/dd-testing\`. Each project runs in a process of
its own, set up by its public functions, its spans taken where it hands them out. Run on
${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node} by \`node tooling/scripts/compare-wrappers.mjs\`, which is not part of CI.

${rows.map(tableRow).join("\n")}

A ✓ means: exactly one span that has ended, an error on it only where something failed, the usage when the stream was
complete, the application saw the same chunks and the same error, and the provider saw the connection end at the same
chunk as without a wrapper. For anything else the cell says what was different:

- **no span**: nothing had ended 300 ms and 30 garbage collections later (1.5 s more for dd-trace, whose spans travel).
- **an error**: the span is marked as failed although only the application left, or nobody read.
- **the provider goes on**: the connection stays open, so the model goes on generating, and billing.
- **never read**: the application drops the stream without reading it.

What this does not compare: other providers, content, cost, or what the projects do beside wrapping this call.
`,
);
