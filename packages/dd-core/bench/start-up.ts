import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "@llmdevops/measure";

/**
 * What loading and initialising takes, each time in a fresh process with the built packages: CPU time, and the resident
 * memory after a collection.
 */
const { values } = parseArgs({
  options: { json: { type: "string" }, quick: { type: "boolean", default: false } },
});
const rounds = values.quick ? 3 : 15;
const folder = fileURLToPath(new URL("..", import.meta.url));

interface StartUp {
  readonly name: string;
  readonly peer?: string;
  /** Imports and calls, as an application makes them. */
  readonly code: string;
}

const ddTrace = 'import tracer from "dd-trace";';
const cases: readonly StartUp[] = [
  { name: "nothing", code: "" },
  {
    name: "dd-trace: init",
    code: `${ddTrace} tracer.init({ service: "bench", startupLogs: false });`,
  },
  {
    name: "createTracing",
    peer: "dd-trace: init",
    code: 'import { createTracing } from "@llmdevops/dd-core"; createTracing({ service: "bench" });',
  },
  {
    name: "OpenTelemetry SDK with OTLP exporter",
    peer: "dd-trace: init",
    code: `import { NodeTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-node";
      import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
      new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] }).register();`,
  },
];

interface Taken {
  readonly cpuMs: number;
  readonly residentMiB: number;
}

const report = `globalThis.gc(); globalThis.gc();
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify([user + system, process.memoryUsage.rss()]));
  process.exit(0);`;

function run({ code }: StartUp): Taken {
  // An import in the code would be evaluated before everything else, so the whole process is measured.
  const script = `${code}\n${report}`;
  const answer = execFileSync(
    process.execPath,
    ["--expose-gc", "--input-type=module", "--eval", script],
    { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const [cpu = 0, resident = 0] = JSON.parse(answer) as number[];
  return { cpuMs: cpu / 1_000, residentMiB: resident / 2 ** 20 };
}

execFileSync("turbo", ["run", "build", "--filter=@llmdevops/dd-core"], {
  cwd: folder,
  stdio: ["ignore", "ignore", "inherit"],
});
const samples: Taken[][] = cases.map(() => []);
for (let round = -1; round < rounds; round += 1) {
  for (const [index, startUp] of cases.entries()) {
    const taken = run(startUp);
    // The first round fills the caches of the file system.
    if (round >= 0) samples[index]?.push(taken);
  }
}

/** Each process beyond the empty one of the same round. */
function beyondNothing(index: number, of: keyof Taken): number[] {
  const own = samples[index] ?? [];
  return own.map((taken, round) => taken[of] - (samples[0]?.[round]?.[of] ?? 0));
}
const results = cases.slice(1).map(({ name, peer }, position) => {
  const cpuMs = beyondNothing(position + 1, "cpuMs");
  const residentMiB = beyondNothing(position + 1, "residentMiB");
  const outcome = { name, cpuMs: median(cpuMs), residentMiB: median(residentMiB) };
  const other = cases.findIndex((candidate) => candidate.name === peer);
  if (other < 0) return outcome;
  const peerCpu = beyondNothing(other, "cpuMs");
  const peerResident = beyondNothing(other, "residentMiB");
  return {
    ...outcome,
    peer,
    cpuRatio: median(cpuMs.map((value, round) => value / (peerCpu[round] ?? Number.NaN))),
    moreMiB: median(residentMiB.map((value, round) => value - (peerResident[round] ?? Number.NaN))),
  };
});
let table = `Start-up, ${rounds} processes each, beyond an empty one   CPU ms   ratio      MiB    more\n`;
for (const { name, cpuMs, residentMiB, ...beside } of results) {
  const ratio = "cpuRatio" in beside ? beside.cpuRatio?.toFixed(2) : "";
  const more = "moreMiB" in beside ? beside.moreMiB?.toFixed(1) : "";
  table += `${name.padEnd(46)} ${cpuMs.toFixed(0).padStart(8)} ${ratio?.padStart(7)} ${residentMiB.toFixed(1).padStart(8)} ${more?.padStart(7)}\n`;
}
process.stdout.write(`${table}\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, results }, null, 2)}\n`);
}
