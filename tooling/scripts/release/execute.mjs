// Runs a command in a clean environment, so that nothing of the workspace's own settings helps the consumer.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../workspace.mjs";

const ownNode = join(root, "node_modules", "node", "bin");

/** The workspace's Node, which may be newer than that of the machine; it is there once the workspace is installed. */
export function nodePath() {
  const path = join(ownNode, "node");
  return existsSync(path) ? path : process.execPath;
}

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
      env: {
        ...Object.fromEntries(kept),
        PATH: `${ownNode}${delimiter}${process.env.PATH ?? ""}`,
        ...variables,
      },
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
