import type { Terminal } from "./terminal.ts";

/** One command of `dd-testing`. */
export interface Command {
  /** What it does, in one line. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /**
   * Runs it.
   *
   * @returns The exit code: 0, or 1 where an Agent did not take what was sent.
   * @throws CommandLineError for what the command cannot be asked.
   */
  run(
    commandArguments: readonly string[],
    terminal: Terminal,
    signal: AbortSignal,
  ): Promise<number>;
}
