import { generateLoad, type LoadReport } from "../load/generate-load.ts";
import type { Command } from "./command.ts";
import { type CommandOptions, readNumber, readOptions, readUrl } from "./command-line.ts";
import type { Terminal } from "./terminal.ts";

const share = { from: 0, to: 1 };

/** Sends synthetic traces, with a line of progress and a table at the end. */
export const loadCommand: Command = {
  summary: "sends synthetic traces of agents, tools and model calls",
  help: `Usage: dd-testing load [options]

Sends synthetic traces of agents, tools and model calls to an Agent, at a
steady rate. Ctrl-C ends it early.

  --url URL         the Agent's trace receiver (default http://127.0.0.1:8126)
  --rate N          traces per second, 0.01 to 100000 (default 10)
  --duration N      seconds, 0 to 86400 (default 10)
  --agents N        agents in a trace, 0 to 100 (default 2)
  --depth N         levels below the root, 0 to 10 (default 3)
  --fan-out N       children of a span, 0 to 10 (default 2)
  --llm-share N     share of the innermost spans that are model calls, 0 to 1
                    (default 0.5)
  --error-rate N    share of traces that fail, 0 to 1 (default 0.05)
  --seed N          the same seed gives the same traces (default 1)
  --json            prints the report as JSON
  -h, --help        prints this

Exit codes: 0 when the Agent took every trace, 1 when it did not or something
failed, 2 for a mistake on the command line.
`,
  async run(commandArguments, terminal, signal) {
    const { options, flags } = readOptions(commandArguments, {
      values: [
        "url",
        "rate",
        "duration",
        "error-rate",
        "llm-share",
        "agents",
        "depth",
        "fan-out",
        "seed",
      ],
      flags: ["json"],
    });
    const durationMs = readNumber(options, "duration", 10, { from: 0, to: 86_400 }) * 1_000;
    const report = await generateLoad({
      ...loadOptions(options),
      durationMs,
      signal,
      onProgress: (progress) => terminal.progress(progressLine(progress, durationMs)),
    });
    terminal.write(flags.has("json") ? `${JSON.stringify(report)}\n` : table(report, terminal));
    return report.accepted === report.traces ? 0 : 1;
  },
};

function loadOptions(options: CommandOptions): Parameters<typeof generateLoad>[0] {
  const url = readUrl(options);
  return {
    ...(url === undefined ? {} : { url }),
    tracesPerSecond: readNumber(options, "rate", 10, { from: 0.01, to: 100_000 }),
    errorRate: readNumber(options, "error-rate", 0.05, share),
    llmShare: readNumber(options, "llm-share", 0.5, share),
    agents: readNumber(options, "agents", 2, { from: 0, to: 100 }),
    depth: readNumber(options, "depth", 3, { from: 0, to: 10 }),
    fanOut: readNumber(options, "fan-out", 2, { from: 0, to: 10 }),
    seed: readNumber(options, "seed", 1, { from: 0, to: Number.MAX_SAFE_INTEGER }),
  };
}

function progressLine(report: LoadReport, durationMs: number): string {
  const { accepted, durationMs: elapsedMs, spans, traces } = report;
  const time = `${Math.round(elapsedMs / 1_000)} of ${Math.round(durationMs / 1_000)} s`;
  const refused = traces === accepted ? "" : `, ${traces - accepted} refused`;
  return `${time}: ${traces} traces, ${spans} spans, ${accepted} accepted${refused}`;
}

function table(report: LoadReport, terminal: Terminal): string {
  const { traces, spans, accepted, refused, durationMs, latencyMs } = report;
  const seconds = Math.max(durationMs, 1) / 1_000;
  const line = (name: string, value: string | number): string =>
    `${name.padEnd(24)}${String(value).padStart(12)}`;
  const lines = [
    line("traces", traces),
    line("spans", spans),
    terminal.style("green", line("accepted", accepted)),
    ...Object.entries(refused).map(([outcome, count]) =>
      terminal.style("red", line(`refused (${outcome})`, count)),
    ),
    line("traces per second", (traces / seconds).toFixed(1)),
    line("spans per second", (spans / seconds).toFixed(1)),
    line("answer p50 (ms)", latencyMs.p50.toFixed(1)),
    line("answer p99 (ms)", latencyMs.p99.toFixed(1)),
  ];
  return `${lines.join("\n")}\n`;
}
