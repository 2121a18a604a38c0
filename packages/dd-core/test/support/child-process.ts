import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** What a child process did. */
export interface Finished {
  readonly output: string;
  readonly errors: string;
  readonly status: unknown;
  /** From start to end (ms). */
  readonly durationMs: number;
}

/** What every child process is started with; see `use-oldest-dd-trace.ts`. */
export const argumentsOfChildren: string[] = [];

/** Runs a module's source in a Node process of its own, with nothing of this one's environment. */
export async function runModule(
  source: string,
  environment: Readonly<Record<string, string>> = {},
  argumentsOfNode: readonly string[] = [],
): Promise<Finished> {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [
      "--conditions=@llmdevops/source",
      "--no-warnings=ExperimentalWarning",
      ...argumentsOfChildren,
      "--input-type=module",
      ...argumentsOfNode,
      "--eval",
      source,
    ],
    {
      env: { PATH: process.env["PATH"], ...environment },
      cwd: import.meta.dirname,
      timeout: 30_000,
    },
  );
  const [output, errors, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { output, errors, status, durationMs: performance.now() - start };
}

/** The last line of the output, read as JSON. */
export function lastJson({ output }: Finished): unknown {
  return JSON.parse(output.trim().split("\n").at(-1) ?? "null");
}
