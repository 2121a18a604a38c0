import { startTestAgent } from "../agent/start-test-agent.ts";
import { saveCapture } from "../capture/capture-file.ts";
import { readNumber, readOptions } from "./command-line.ts";
import { printArrivals } from "./print-arrivals.ts";

const anyPort = { from: 0, to: 65_535 };

/**
 * Runs an agent until the signal is aborted, and prints what arrives.
 *
 * @param write Takes what is to be printed.
 * @throws CommandLineError for options it does not have; the error of the port if it is taken.
 */
export async function runAgentCommand(
  commandArguments: readonly string[],
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { options } = readOptions(commandArguments, ["port", "dogstatsd-port", "record"]);
  const agent = await startTestAgent({
    port: readNumber(options, "port", 8_126, anyPort),
    dogstatsdPort: readNumber(options, "dogstatsd-port", 8_125, anyPort),
  });
  write(`Agent at ${agent.url}, DogStatsD at 127.0.0.1:${agent.dogstatsdPort} (UDP)\n`);
  for (const [name, value] of Object.entries(agent.env)) write(`  ${name}=${value}\n`);
  write("\n");
  const stopPrinting = printArrivals(agent, write);
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  stopPrinting();
  const { record } = options;
  if (record !== undefined) {
    await saveCapture(agent, record);
    write(`Recorded to ${record}\n`);
  }
  await agent.stop();
}
