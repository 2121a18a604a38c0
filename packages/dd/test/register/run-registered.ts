import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** What a registered application did. */
export interface RegisteredRun {
  readonly output: string;
  /** The lines of standard error that are the package's own. */
  readonly said: readonly string[];
  readonly errors: string;
  readonly code: unknown;
}

/** How it is started. */
export interface RegisteredOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments of the application. */
  readonly arguments?: readonly string[];
  /** Arguments of Node, before that which registers. */
  readonly before?: readonly string[];
  /** What is imported first. @default the package's own entry */
  readonly register?: readonly string[];
}

const fixtures = new URL("fixtures/", import.meta.url);

/** Runs a fixture, or another file, with `--import @llmdevops/dd/register`. */
export async function runRegistered(
  file: string,
  options: RegisteredOptions = {},
): Promise<RegisteredRun> {
  const register = options.register ?? ["@llmdevops/dd/register"];
  const child = spawn(
    process.execPath,
    [
      "--conditions=@llmdevops/source",
      ...(options.before ?? []),
      ...register.flatMap((entry) => ["--import", entry]),
      fileURLToPath(new URL(file, fixtures)),
      ...(options.arguments ?? []),
    ],
    {
      env: { PATH: process.env["PATH"], ...options.environment },
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 30_000,
    },
  );
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  const said = errors.split("\n").filter((line) => line.startsWith("[llmdevops]"));
  return { output, errors, said, code };
}
