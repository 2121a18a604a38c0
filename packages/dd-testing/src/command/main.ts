#!/usr/bin/env node
import { runAgentCommand } from "./agent-command.ts";
import { CommandLineError } from "./command-line.ts";
import { runLoadCommand } from "./load-command.ts";
import { runReplayCommand } from "./replay-command.ts";

type Command = (
  commandArguments: readonly string[],
  write: (text: string) => void,
  signal: AbortSignal,
) => Promise<void>;

const commands: Readonly<Record<string, Command>> = {
  agent: runAgentCommand,
  load: runLoadCommand,
  replay: runReplayCommand,
};

const usage = `Usage: dd-testing <command>

  agent  [--port 8126] [--dogstatsd-port 8125] [--record FILE]
         receives like a Datadog Agent and prints traces as they come
  replay FILE [--url http://127.0.0.1:8126] [--speed original|compressed|N]
         sends recorded traces again
  load   [--url http://127.0.0.1:8126] [--rate 10] [--duration 10] [--error-rate 0.05]
         [--llm-share 0.5] [--agents 2] [--depth 3] [--seed 1] [--dogstatsd-port N]
         sends synthetic traces
`;

const [name = "", ...commandArguments] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

if (command === undefined) {
  process.stderr.write(usage);
  process.exitCode = name === "" || name === "help" || name === "--help" ? 0 : 2;
} else {
  try {
    await command(commandArguments, (text) => process.stdout.write(text), stop.signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n${error instanceof CommandLineError ? `\n${usage}` : ""}`);
    process.exitCode = error instanceof CommandLineError ? 2 : 1;
  }
}
