// npm run bench:service: one realistic service under load with each kind of telemetry, as whole processes.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import {
  type FastStretch,
  installedPeers,
  type ProcessRuns,
  type ServiceFigures,
  type SteadyStretch,
  serviceFigures,
  shuffled,
} from "@llmdevops/measure";
import { RunningService } from "./running-service.ts";

const usage = `npm run bench:service [-- options]

One chat service under load, each request making 3 model calls, 2 tool calls, 10 spans and 20 metrics, with each
kind of telemetry. Those that do the same work run at once and are asked in turn, two seconds each, so that what else
the machine does falls on all alike. It only ever adds, so a figure of a process is the lower quartile of its rounds,
and the upper one of requests/s. No two processes of a kind are alike, since V8 decides for each of them when it
collects garbage and throws code away; so several are started, one after the other, and a figure is their median.

  --quick           one process of each kind (about two minutes); the code is hardly warm then
  --processes N     processes of each kind, one after the other (default 5: about a quarter of an hour)
  --rounds N        rounds over all kinds for each (default 4), then half as many of 6,000 requests as fast as they can
  --rate N          requests/s while latency, CPU and memory are measured (default 300)
  --only A,B        only these kinds of telemetry
  --fetch           the service calls its models by fetch instead of node:http
  --json FILE       also writes every stretch as JSON
`;
/**
 * `llmdevops-spans` writes the same spans and metrics by hand as `dd-trace` does; `llmdevops` has them written, with
 * costs, agents' runs and redaction. With `+llmobs`, agents, tools and model calls also go to Datadog's LLM
 * Observability.
 */
const groups = [
  ["none", "llmdevops-spans", "dd-trace", "opentelemetry", "langfuse", "openllmetry"],
  ["llmdevops", "llmdevops+llmobs", "dd-trace+llmobs"],
];
const foreign = new Set(["opentelemetry", "langfuse", "openllmetry"]);

const columns: readonly [title: string, figure: keyof ServiceFigures, digits: number][] = [
  ["requests/s", "requestsPerSecond", 0],
  ["p50 ms", "p50Ms", 2],
  ["p99 ms", "p99Ms", 2],
  ["CPU µs", "cpuMicroseconds", 0],
  ["RSS MB", "residentMegabytes", 0],
  ["then MB", "residentMegabytesAtEnd", 0],
  ["loop p99", "loopDelayP99Ms", 2],
  ["sent B", "sentBytes", 0],
  ["datagrams", "datagrams", 2],
  ["failed", "failures", 0],
];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    processes: { type: "string" },
    rounds: { type: "string" },
    rate: { type: "string", default: "300" },
    only: { type: "string" },
    fetch: { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main();

async function main(): Promise<void> {
  const { quick, fetch } = values;
  const processes = Number(values.processes ?? (quick ? 1 : 5));
  const rounds = Number(values.rounds ?? 4);
  const rate = Number(values.rate);
  const plan = { rounds, rate, seconds: 2, warmUp: quick ? 4_000 : 15_000, requests: 6_000 };
  const wanted = values.only?.split(",") ?? groups.flat();
  const unknown = wanted.filter((kind) => !groups.flat().includes(kind));
  if (unknown.length > 0 || !(processes >= 1) || !(rounds >= 1) || !(rate > 0)) {
    process.stderr.write(
      `--only takes ${groups.flat().join()}; --processes, --rounds and --rate, numbers above 0\n`,
    );
    process.exitCode = 2;
    return;
  }
  const peers = wanted.some((kind) => foreign.has(kind)) ? installedPeers() : undefined;
  const isPossible = (kind: string) =>
    wanted.includes(kind) && (!foreign.has(kind) || peers !== undefined);
  const runs = new Map<string, ProcessRuns[]>();
  for (const group of groups) {
    const kinds = group.filter(isPossible);
    for (let generation = 1; kinds.length > 0 && generation <= processes; generation += 1) {
      const services = new Map<string, RunningService>();
      process.stderr.write(`· ${kinds.join(", ")}: process ${generation} of ${processes}\n`);
      try {
        for (const kind of kinds) {
          const telemetry = fetch ? `${kind}+fetch` : kind;
          services.set(kind, await RunningService.start(telemetry, peers?.folder ?? ""));
        }
        for (const [kind, of] of await runInTurn(services, plan)) {
          runs.set(kind, [...(runs.get(kind) ?? []), of]);
        }
      } finally {
        await Promise.all([...services.values()].map((service) => service.stop()));
      }
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
  const result = {
    rate,
    seconds: plan.seconds,
    requests: plan.requests,
    processes,
    rounds,
    fetch,
    versions,
    runs: Object.fromEntries(runs),
  };
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}

/** Warms services up and measures them in turn, first at the rate, then as fast as they can, by requests. */
async function runInTurn(
  services: ReadonlyMap<string, RunningService>,
  {
    rounds,
    rate,
    seconds,
    warmUp,
    requests,
  }: Record<"rounds" | "rate" | "seconds" | "warmUp" | "requests", number>,
): Promise<Map<string, ProcessRuns>> {
  const all = [...services].map(([kind, service]) => {
    const of = { steady: [] as SteadyStretch[], fast: [] as FastStretch[] };
    return { kind, service, of };
  });
  for (const { service } of shuffled(all)) await service.fast(warmUp);
  // First, since memory that a process has once had it hardly gives back. All do the same work before it is told.
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`· round ${round + 1} of ${rounds}: ${rate} requests/s\n`);
    for (const { service, of } of shuffled(all)) {
      of.steady.push(await service.steady(seconds, rate));
    }
  }
  const fastRounds = Math.ceil(rounds / 2);
  for (let round = 0; round < fastRounds; round += 1) {
    process.stderr.write(`· round ${round + 1} of ${fastRounds}: as fast as they can\n`);
    for (const { service, of } of shuffled(all)) of.fast.push(await service.fast(requests));
  }
  return new Map(all.map(({ kind, of }) => [kind, of]));
}

function tableOf(runs: ReadonlyMap<string, readonly ProcessRuns[]>): string {
  const header = ["telemetry".padEnd(18), ...columns.map(([title]) => title.padStart(11))].join("");
  const rows = [...runs].map(([kind, processes]) => {
    const figures = serviceFigures(processes);
    const cells = columns.map(([, of, digits]) => figures[of].toFixed(digits).padStart(11));
    return [kind.padEnd(18), ...cells].join("");
  });
  return `${[header, ...rows].join("\n")}\n`;
}
