import { replayTraces } from "../replay/replay-traces.ts";
import { CommandLineError, readNumber, readOptions } from "./command-line.ts";

/** Sends the traces of a file again, and prints what became of them. */
export async function runReplayCommand(
  commandArguments: readonly string[],
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { options, operands } = readOptions(commandArguments, ["url", "speed"]);
  const [file, ...more] = operands;
  if (file === undefined || more.length > 0) throw new CommandLineError("replay takes one file");
  const { speed = "compressed", url } = options;
  const report = await replayTraces(file, {
    ...(url === undefined ? {} : { url }),
    speed:
      speed === "original" || speed === "compressed"
        ? speed
        : readNumber(options, "speed", 1, { from: 0.001, to: 1_000_000 }),
    signal,
  });
  const refused = Object.entries(report.refused).map(([outcome, count]) => `${count} (${outcome})`);
  write(
    `${report.traces} traces, ${report.spans} spans in ${Math.round(report.durationMs)} ms: ${report.accepted} accepted, ${refused.join(", ") || "0"} refused\n`,
  );
}
