#!/usr/bin/env node
import { runCommand } from "./run-command.ts";

// What reads from the pipe may have ended; that is no reason for a stack trace.
process.stdout.on("error", () => {});
// The look at the Agent does not keep a process alive by itself.
const waiting = setInterval(() => {}, 1_000);
process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  isTerminal: process.stdout.isTTY === true,
  columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});
clearInterval(waiting);
