import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import type { Environment } from "../check/check-item.ts";
import { printCheck } from "../check/print-check.ts";
import { runCheck } from "../check/run-check.ts";

/** What the command needs of its process. */
export interface CommandHost {
  readonly environment: Environment;
  readonly folder: string;
  /** Whether people read what is written. */
  readonly isTerminal: boolean;
  /** Width of the terminal (characters); absent where there is none. */
  readonly columns?: number | undefined;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const usage = `Usage: npx @llmdevops/dd check [--json]

Checks what a client built from the environment would meet: the Agent,
DogStatsD, the unified tags, sampling, propagation, LLM Observability, dd-trace
and its integrations, what would be recorded twice, and the variables that are
set. Nothing is sent but a request to the Agent's /info and an empty datagram.

  --json        prints the findings as JSON
  --version     prints the version of @llmdevops/dd
  -h, --help    prints this

Exit codes: 0 when nothing is broken (warnings are not), 1 when something is,
2 for a mistake on the command line.
Colours are for terminals; NO_COLOR and FORCE_COLOR are respected.
`;

/** Runs the command line of this package; returns its exit code. */
export async function runCommand(
  commandArguments: readonly string[],
  host: CommandHost,
): Promise<number> {
  const parsed = parse(commandArguments);
  if (typeof parsed === "string") {
    host.writeError(`${parsed}\n\n${usage}`);
    return 2;
  }
  const { values, positionals } = parsed;
  if (values.help === true || (positionals.length === 0 && values.version !== true)) {
    host.write(usage);
    return 0;
  }
  if (values.version === true) {
    host.write(`${ownVersion()}\n`);
    return 0;
  }
  const report = await runCheck(host.environment, host.folder);
  const isColored = wantsColour(host);
  host.write(
    `${values.json === true ? JSON.stringify(report, undefined, 2) : printCheck(report, isColored, host.columns)}\n`,
  );
  return report.ok ? 0 : 1;
}

interface CommandLine {
  readonly values: { readonly json?: boolean; readonly help?: boolean; readonly version?: boolean };
  readonly positionals: readonly string[];
}

/** What has been asked for, or what is wrong with it. */
function parse(commandArguments: readonly string[]): CommandLine | string {
  try {
    const line = parseArgs({
      args: [...commandArguments],
      options: {
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
      allowPositionals: true,
    });
    const [command = "check", ...rest] = line.positionals;
    if (command === "help" && rest.length === 0) return { values: { help: true }, positionals: [] };
    return command === "check" && rest.length === 0
      ? line
      : `There is no command ${JSON.stringify(line.positionals.join(" "))}.`;
  } catch (error) {
    return error instanceof Error ? error.message : "The command line cannot be read.";
  }
}

/** Source: https://no-color.org and https://force-color.org */
function wantsColour({ environment, isTerminal }: CommandHost): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused } = environment;
  return forced ? forced !== "0" : isTerminal && !refused;
}

function ownVersion(): string {
  const manifest: { version: string } = createRequire(import.meta.url)("../../package.json");
  return manifest.version;
}
