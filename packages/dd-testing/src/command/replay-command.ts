import { type ReplayReport, replayTraces } from "../replay/replay-traces.ts";
import type { Command } from "./command.ts";
import { CommandLineError, readNumber, readOptions, readUrl } from "./command-line.ts";

/** Sends the traces of a file again, and prints what became of them. */
export const replayCommand: Command = {
  summary: "sends recorded traces again",
  help: `Usage: dd-testing replay FILE [options]

Sends the traces of a file to an Agent again: a recording of "dd-testing agent",
a Datadog v0.4 payload in MessagePack or JSON, or OTLP in JSON.

  --url URL      the Agent's trace receiver (default http://127.0.0.1:8126)
  --speed S      compressed: all at once (the default); original: as they were;
                 or how many times faster, such as 10
  --json         prints the report as JSON
  -h, --help     prints this

Exit codes: 0 when the Agent took every trace, 1 when it did not or something
failed, 2 for a mistake on the command line.
`,
  async run(commandArguments, terminal, signal) {
    const { options, operands, flags } = readOptions(commandArguments, {
      values: ["url", "speed"],
      flags: ["json"],
      takesOperands: true,
    });
    const [file, ...more] = operands;
    if (file === undefined || more.length > 0)
      throw new CommandLineError("replay takes exactly one file");
    const { speed = "compressed" } = options;
    const url = readUrl(options);
    const report = await replayTraces(file, {
      ...(url === undefined ? {} : { url }),
      speed:
        speed === "original" || speed === "compressed"
          ? speed
          : readNumber(options, "speed", 1, { from: 0.001, to: 1_000_000 }),
      signal,
    });
    const line = flags.has("json") ? JSON.stringify(report) : summary(report);
    const isComplete = report.accepted === report.traces;
    terminal.write(`${flags.has("json") || isComplete ? line : terminal.style("red", line)}\n`);
    return isComplete ? 0 : 1;
  },
};

function summary({ traces, spans, accepted, refused, durationMs }: ReplayReport): string {
  const reasons = Object.entries(refused).map(([outcome, count]) => `${count} (${outcome})`);
  const time = Math.round(durationMs);
  return `${traces} traces, ${spans} spans in ${time} ms: ${accepted} accepted, ${reasons.join(", ") || "0"} refused`;
}
