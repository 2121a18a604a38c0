// Runs a command in a clean environment, so that nothing of the workspace's own settings helps the consumer.
import { execFileSync } from "node:child_process";

/**
 * Returns what the command has written to standard output; throws with all of its output where it fails.
 *
 * @param {string} cwd
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {Readonly<Record<string, string>>} variables Added to the environment.
 */
export function execute(cwd, command, commandArguments, variables = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== "NODE_OPTIONS" && name !== "NODE_PATH" && !/^(npm|pnpm)_/i.test(name),
  );
  try {
    return execFileSync(command, commandArguments, {
      cwd,
      env: { ...Object.fromEntries(kept), ...variables },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 240_000,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    throw new Error(
      `${command} ${commandArguments.join(" ")} failed:\n${error.stdout}\n${error.stderr}`,
    );
  }
}
