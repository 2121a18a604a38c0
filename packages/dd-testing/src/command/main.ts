#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { agentCommand } from "./agent-command.ts";
import type { Command } from "./command.ts";
import { CommandLineError } from "./command-line.ts";
import { loadCommand } from "./load-command.ts";
import { replayCommand } from "./replay-command.ts";
import { createTerminal } from "./terminal.ts";

const commands: Readonly<Record<string, Command>> = {
  agent: agentCommand,
  load: loadCommand,
  replay: replayCommand,
};

const names = Object.entries(commands).map(
  ([name, { summary }]) => `  ${name.padEnd(8)}${summary}\n`,
);
const usage = `Usage: dd-testing <command> [options]

${names.join("")}
"dd-testing <command> --help" says what a command can do.
--version prints the version. NO_COLOR and FORCE_COLOR are respected.
`;

const [name = "", ...commandArguments] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
const terminal = createTerminal(process.stdout, process.stderr, process.env);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
// Whoever read the output has gone, as `head` does: there is nobody left to write for.
process.stdout.on("error", () => process.exit());

if (name === "--version") {
  const file = new URL("../../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  terminal.write(`${version}\n`);
} else if (["", "help", "--help", "-h"].includes(name)) terminal.write(usage);
else if (command === undefined) {
  terminal.note(`There is no command ${name}.\n\n${usage}`);
  process.exitCode = 2;
} else if (commandArguments.some((argument) => argument === "--help" || argument === "-h")) {
  terminal.write(command.help);
} else await run(command);

async function run(chosen: Command): Promise<void> {
  try {
    process.exitCode = await chosen.run(commandArguments, terminal, stop.signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isMistake = error instanceof CommandLineError;
    terminal.note(`${message}\n${isMistake ? `\n${chosen.help}` : ""}`);
    process.exitCode = isMistake ? 2 : 1;
  }
}
