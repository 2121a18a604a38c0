import { generateLoad, type LoadReport } from "../load/generate-load.ts";
import { readNumber, readOptions } from "./command-line.ts";

const names = [
  "url",
  "rate",
  "duration",
  "error-rate",
  "llm-share",
  "agents",
  "depth",
  "fan-out",
  "seed",
];

/** Sends synthetic traces, with a line of progress a second and a table at the end. */
export async function runLoadCommand(
  commandArguments: readonly string[],
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { options } = readOptions(commandArguments, names);
  const { url } = options;
  const share = { from: 0, to: 1 };
  const report = await generateLoad({
    ...(url === undefined ? {} : { url }),
    tracesPerSecond: readNumber(options, "rate", 10, { from: 0.01, to: 100_000 }),
    durationMs: readNumber(options, "duration", 10, { from: 0, to: 86_400 }) * 1_000,
    errorRate: readNumber(options, "error-rate", 0.05, share),
    llmShare: readNumber(options, "llm-share", 0.5, share),
    agents: readNumber(options, "agents", 2, { from: 0, to: 100 }),
    depth: readNumber(options, "depth", 3, { from: 0, to: 10 }),
    fanOut: readNumber(options, "fan-out", 2, { from: 0, to: 10 }),
    seed: readNumber(options, "seed", 1, { from: 0, to: Number.MAX_SAFE_INTEGER }),
    signal,
    onProgress: ({ durationMs, traces, spans, accepted }) =>
      write(
        `${Math.round(durationMs / 1_000)} s: ${traces} traces, ${spans} spans, ${accepted} accepted\n`,
      ),
  });
  write(table(report));
}

function table({ traces, spans, accepted, refused, durationMs, latencyMs }: LoadReport): string {
  const seconds = Math.max(durationMs, 1) / 1_000;
  const rows: readonly (readonly [string, string | number])[] = [
    ["traces", traces],
    ["spans", spans],
    ["accepted", accepted],
    ...Object.entries(refused).map(([outcome, count]) => [`refused (${outcome})`, count] as const),
    ["traces per second", (traces / seconds).toFixed(1)],
    ["spans per second", (spans / seconds).toFixed(1)],
    ["answer p50 (ms)", latencyMs.p50.toFixed(1)],
    ["answer p99 (ms)", latencyMs.p99.toFixed(1)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(24)}${String(value).padStart(12)}\n`).join("");
}
