import { appendFile } from "node:fs/promises";
import { startTestAgent } from "../agent/start-test-agent.ts";
import type { TestAgent } from "../agent/test-agent.ts";
import { saveCapture } from "../capture/capture-file.ts";
import type { Command } from "./command.ts";
import { readNumber, readOptions } from "./command-line.ts";
import { printArrivals } from "./print-arrivals.ts";
import { printJsonArrivals } from "./print-json-arrivals.ts";

const anyPort = { from: 0, to: 65_535 };

/** Runs an agent until it is interrupted, and prints what arrives. */
export const agentCommand: Command = {
  summary: "receives like a Datadog Agent and prints traces as they come",
  help: `Usage: dd-testing agent [options]

Receives like a Datadog Agent on 127.0.0.1 and prints traces as they come.
Ctrl-C ends it.

  --port N             port of the trace receiver, 0 for a free one (default 8126)
  --dogstatsd-port N   UDP port of DogStatsD, 0 for a free one (default 8125)
  --record FILE        at the end writes all that arrived to FILE, for
                       "dd-testing replay"
  --json               prints each trace as a line of JSON instead of a tree
  -h, --help           prints this

Exit codes: 0 when it was ended, 1 when something failed, such as a port that
is taken, 2 for a mistake on the command line.
`,
  async run(commandArguments, terminal, signal) {
    const { options, flags } = readOptions(commandArguments, {
      values: ["port", "dogstatsd-port", "record"],
      flags: ["json"],
    });
    const { record } = options;
    // A file that cannot be written is said now, not when all has been received.
    if (record !== undefined) await appendFile(record, "");
    const agent = await startAgent(
      readNumber(options, "port", 8_126, anyPort),
      readNumber(options, "dogstatsd-port", 8_125, anyPort),
    );
    try {
      const variables = Object.entries(agent.env).map(([name, value]) => `  ${name}=${value}\n`);
      const say = flags.has("json") ? terminal.note : terminal.write;
      say(`Agent at ${agent.url}, DogStatsD at 127.0.0.1:${agent.dogstatsdPort} (UDP)\n`);
      say(`${variables.join("")}\n`);
      const print = flags.has("json") ? printJsonArrivals : printArrivals;
      const stopPrinting = print(agent, terminal);
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      }
      stopPrinting();
      if (record !== undefined) {
        await saveCapture(agent, record);
        say(`Recorded to ${record}\n`);
      }
      return 0;
    } finally {
      await agent.stop();
    }
  },
};

async function startAgent(port: number, dogstatsdPort: number): Promise<TestAgent> {
  try {
    return await startTestAgent({ port, dogstatsdPort });
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE") throw error;
    // The receiver of traces listens, DogStatsD binds.
    const [option, taken] =
      syscall === "listen" ? ["--port", port] : ["--dogstatsd-port", dogstatsdPort];
    const advice = `choose another one with ${option}, or 0 for a free one`;
    throw new Error(`Port ${taken} is taken, perhaps by an Agent: ${advice}.`, { cause: error });
  }
}
