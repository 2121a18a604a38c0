// npm run bench: every benchmark beside its peers, a table of targets, and on request the page of the documentation.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Benchmark, benchmarks } from "./benchmarks.ts";
import { frontPage } from "./front-page.ts";
import { thisMachine } from "./machine.ts";
import { medianOfResults } from "./median-of-results.ts";
import { isWorseByAnOrder } from "./order-of-magnitude.ts";
import { performancePage, type Recording } from "./performance-page.ts";
import { shortNumber, terminalTable, verdicts } from "./target-table.ts";
import { targets } from "./targets.ts";

const usage = `npm run bench [-- options] [package …]

Measures the packages beside their peers in the same process. Names such as dd-core limit it to those packages.

  --quick           fewer rounds, and without the long ones
  --json FILE       writes all that was measured
  --record          writes docs/performance.md, what it shows in docs/performance/, and the table of README.md
  --service FILE    with --record: also takes what "npm run bench:service -- --json FILE" has written
  --guard           compares with docs/performance/record.json; fails where a ratio is worse by an order
  --page            only writes the pages anew from docs/performance/record.json
`;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const recordingFile = join(root, "docs", "performance", "record.json");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    record: { type: "boolean", default: false },
    service: { type: "string" },
    guard: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(usage);
else if (values.page) writePage(readRecording());
else process.exitCode = await run();

async function run(): Promise<number> {
  const wanted = benchmarks.filter(
    ({ file, isLong = false }) =>
      existsSync(join(root, file)) &&
      (!isLong || !values.quick) &&
      (positionals.length === 0 || positionals.includes(file.split("/")[1] ?? "")),
  );
  const folder = mkdtempSync(join(tmpdir(), "llmdevops-bench-"));
  const results: Record<string, unknown> = {};
  let failures = 0;
  const idle: Promise<void>[] = [];
  for (const [index, benchmark] of wanted.entries()) {
    process.stderr.write(`· ${index + 1} of ${wanted.length}: ${benchmark.file}\n`);
    const measured = measure(benchmark, join(folder, String(index))).then((result) => {
      if (result === undefined) failures += 1;
      else results[benchmark.file] = result;
    });
    if (benchmark.isIdle === true) idle.push(measured);
    else await measured;
  }
  await Promise.all(idle);
  rmSync(folder, { recursive: true, force: true });
  const measured = verdicts(targets, results).filter(({ value }) => value !== undefined);
  process.stdout.write(terminalTable(measured));
  if (values.quick) {
    process.stdout.write(
      "\nOf few rounds: a ratio may be off by a third. Without --quick it is not.\n",
    );
  }
  const measuredNow: Recording = {
    machine: thisMachine(),
    versions: versions(),
    results,
    ...(values.service === undefined
      ? {}
      : { service: JSON.parse(readFileSync(values.service, "utf8")) }),
  };
  if (values.json !== undefined) write(values.json, measuredNow);
  if (values.record) {
    mkdirSync(dirname(recordingFile), { recursive: true });
    // What was not measured this time stays as it was recorded.
    const before = existsSync(recordingFile) ? readRecording() : undefined;
    const recording = { ...before, ...measuredNow, results: { ...before?.results, ...results } };
    write(recordingFile, recording);
    writePage(recording);
  }
  if (values.guard) failures += guard(results);
  return failures === 0 ? 0 : 1;
}

/** Runs a benchmark in as many processes as it wants. @returns What it has measured, where all of them have ended well. */
async function measure(benchmark: Benchmark, output: string): Promise<unknown> {
  const { file, spread } = benchmark;
  const begin = performance.now();
  const processes = values.quick || spread === undefined ? 1 : spread.processes;
  const results: unknown[] = [];
  for (let index = 0; index < processes; index += 1) {
    const result = await measureOnce(benchmark, `${output}-${index}.json`);
    if (result !== undefined) results.push(result);
  }
  const isMeasured = results.length === processes;
  const seconds = ((performance.now() - begin) / 1_000).toFixed(0);
  process.stderr.write(`  ${file} ${isMeasured ? "took" : "failed after"} ${seconds} s\n`);
  return isMeasured ? medianOfResults(results) : undefined;
}

async function measureOnce(benchmark: Benchmark, output: string): Promise<unknown> {
  const { file, comparesTime = false, spread } = benchmark;
  // The collector's helpers wait for each other in loops, which takes up to as much again, and never the same. With
  // little room there is a full collection in each fourth sample, after which the code of the next is compiled anew.
  const collector = comparesTime ? ["--single-threaded-gc", "--initial-old-space-size=1024"] : [];
  const own = ["--expose-gc", "--conditions=@llmdevops/source", join(root, file)];
  const rounds = spread === undefined ? [] : ["--rounds", String(spread.rounds)];
  const amount = values.quick ? ["--quick"] : rounds;
  const child = spawn(process.execPath, [...collector, ...own, ...amount, "--json", output], {
    cwd: root,
    stdio: ["ignore", values.guard ? "ignore" : "inherit", "inherit"],
  });
  const [status] = (await once(child, "close")) as [number | null];
  return status === 0 && existsSync(output) ? JSON.parse(readFileSync(output, "utf8")) : undefined;
}

/** How many ratios are worse by an order than those recorded. */
function guard(results: Recording["results"]): number {
  const recorded = readRecording().results;
  let worse = 0;
  for (const { operation, peer, unit, isMoreBetter = false, read } of targets) {
    const [before, now] = [read(recorded), read(results)];
    if (before === undefined || now === undefined || unit !== "×") continue;
    const change = { name: operation, recorded: before, now };
    if (!isWorseByAnOrder(change, isMoreBetter)) continue;
    worse += 1;
    process.stdout.write(
      `worse by an order: ${operation} beside ${peer}: ${shortNumber(now)}, recorded ${shortNumber(before)}\n`,
    );
  }
  if (worse === 0) process.stdout.write("no ratio is worse by an order than what is recorded\n");
  return worse;
}

function readRecording(): Recording {
  return JSON.parse(readFileSync(recordingFile, "utf8"));
}

function write(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}

function writePage(recording: Recording): void {
  const { text, charts } = performancePage(recording);
  writeFileSync(join(root, "docs", "performance.md"), text);
  const readme = join(root, "README.md");
  const page = frontPage(readFileSync(readme, "utf8"), verdicts(targets, recording.results));
  writeFileSync(readme, page);
  for (const [name, chart] of Object.entries(charts)) {
    writeFileSync(join(root, "docs", "performance", name), chart);
  }
}

/** Of what the packages stand on; those of peers that are installed on demand stand in the results. */
function versions(): Record<string, string> {
  const versionIn = (folder: string, name: string): string => {
    const load = createRequire(join(root, "packages", folder, "package.json"));
    return load(`${name}/package.json`).version;
  };
  return {
    "dd-trace": versionIn("dd-core", "dd-trace"),
    "hot-shots": versionIn("dd-metrics", "hot-shots"),
  };
}
