// npm run bench:service: one realistic service under load with each kind of telemetry, as whole processes.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { installedPeers, median } from "@llmdevops/measure";
import { measureService, type ServicePhases, type ServiceRun } from "./measure-service.ts";

const usage = `npm run bench:service [-- options]

One chat service under load, each request making 3 model calls, 2 tool calls, 10 spans and 20 metrics, with each
kind of telemetry in turn. The figures are medians over the rounds.

  --quick           one shorter round (about two minutes); the code is hardly warm then
  --rounds N        rounds over all kinds (default 3)
  --rate N          requests/s while latency and CPU are measured (default 150)
  --only A,B        only these kinds of telemetry
  --json FILE       also writes every run as JSON
`;
/**
 * `llmdevops-spans` writes the same spans and metrics by hand as `dd-trace` does; `llmdevops` has them written, with
 * costs, agents' runs and redaction. With `+llmobs`, agents, tools and model calls also go to Datadog's LLM
 * Observability.
 */
const kinds = [
  "none",
  "llmdevops-spans",
  "llmdevops",
  "dd-trace",
  "llmdevops+llmobs",
  "dd-trace+llmobs",
  "opentelemetry",
  "langfuse",
  "openllmetry",
];
const foreign = new Set(["opentelemetry", "langfuse", "openllmetry"]);

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    rate: { type: "string", default: "150" },
    only: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main();

async function main(): Promise<void> {
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  const phases: ServicePhases = {
    warmUpSeconds: values.quick ? 3 : 8,
    seconds: values.quick ? 3 : 8,
    connections: 16,
    rate: Number(values.rate),
  };
  const wanted = values.only?.split(",") ?? kinds;
  const peers = wanted.some((kind) => foreign.has(kind)) ? installedPeers() : undefined;
  const running = wanted.filter((kind) => !foreign.has(kind) || peers !== undefined);
  const runs = new Map<string, ServiceRun[]>(running.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let offset = 0; offset < running.length; offset += 1) {
      const kind = running[(round + offset) % running.length] ?? "none";
      process.stderr.write(`· round ${round + 1} of ${rounds}: ${kind}\n`);
      runs.get(kind)?.push(await measureService(kind, peers?.folder ?? "", phases));
    }
  }
  process.stdout.write(tableOf(runs));
  if (values.json === undefined) return;
  const load = createRequire(import.meta.url);
  const versions = {
    ...Object.fromEntries(
      ["dd-trace", "hot-shots"].map((name) => [name, load(`${name}/package.json`).version]),
    ),
    ...peers?.versions,
  };
  const result = { phases, rounds, versions, runs: Object.fromEntries(runs) };
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}

function tableOf(runs: ReadonlyMap<string, readonly ServiceRun[]>): string {
  const columns: readonly [title: string, of: (run: ServiceRun) => number, digits: number][] = [
    ["requests/s", ({ throughput }) => throughput, 0],
    ["p50 ms", ({ p50Ms }) => p50Ms, 2],
    ["p99 ms", ({ p99Ms }) => p99Ms, 2],
    ["CPU µs", ({ cpuMicroseconds }) => cpuMicroseconds, 0],
    ["RSS MB", ({ residentMegabytes }) => residentMegabytes, 0],
    ["loop p99", ({ loopDelayP99Ms }) => loopDelayP99Ms, 2],
    ["sent B", ({ sent }) => sent.bytes, 0],
    ["datagrams", ({ sent }) => sent.datagrams, 2],
    ["failed", ({ failures }) => failures, 0],
  ];
  const header = ["telemetry".padEnd(18), ...columns.map(([title]) => title.padStart(11))].join("");
  const rows = [...runs].map(([kind, of]) =>
    [
      kind.padEnd(18),
      ...columns.map(([, read, digits]) => median(of.map(read)).toFixed(digits).padStart(11)),
    ].join(""),
  );
  return `${[header, ...rows].join("\n")}\n`;
}
