import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { formatReport } from "./print-report.ts";
import { buildReport } from "./report.ts";
import { runDesk } from "./run-desk.ts";
import { styled } from "./terminal-style.ts";

const help = `Runs the support desk example and shows what arrives at the Datadog Agent.

Usage: npm run demo -- [--report FILE] [--json]

  --report FILE  also writes the numbers as JSON to FILE
  --json         prints the numbers as JSON instead of the report
  -h, --help     shows this text

Environment:
  ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY
                 talk to the real provider instead of the provider server
  DD_AGENT_HOST, DD_TRACE_AGENT_URL
                 send to a real Agent; then there is no report, look in Datadog
  NO_COLOR       no colours

Exit codes: 0, 1 when something was lost or failed, 2 for a mistake on the command line.
`;

/** The command line; absent when it cannot be understood, which has been said then. */
function readOptions(): { report?: string; json?: boolean; help?: boolean } | undefined {
  try {
    const options = {
      report: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}`);
    return undefined;
  }
}

function say(step: string): void {
  process.stderr.write(`${styled("dim", `· ${step}`)}\n`);
}

async function main(): Promise<number> {
  const values = readOptions();
  if (values === undefined) return 2;
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const run = await runDesk(say);
  try {
    if (run.agent === undefined) {
      const created = run.health.reduce((sum, { spans }) => sum + spans.created, 0);
      process.stdout.write(
        `${created} spans and ${run.logLines.length} log lines were sent; look for the services support-desk and billing, env demo, in Datadog.\n`,
      );
      return 0;
    }
    const report = buildReport(run, run.agent);
    const json = `${JSON.stringify(report, null, 2)}\n`;
    if (values.report !== undefined) {
      await writeFile(values.report, json);
      say(`the numbers are in ${values.report}`);
    }
    process.stdout.write(values.json ? json : formatReport(report, run.agent, run.logLines));
    return report.lost === 0 ? 0 : 1;
  } finally {
    await run.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
