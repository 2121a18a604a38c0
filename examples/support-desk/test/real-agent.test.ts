import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type RealAgent, realAgentUnavailable, startRealAgent } from "@llmdevops/real-agent";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const reason = realAgentUnavailable();
const timeoutMs = 60_000;

describe.skipIf(reason !== undefined)(
  `Datadog's own Agent${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    let agent: RealAgent;
    let output: string;

    beforeAll(async () => {
      agent = await startRealAgent();
      const demo = fileURLToPath(new URL("../demo/demo.ts", import.meta.url));
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--conditions=@llmdevops/source", demo],
        {
          timeout: timeoutMs,
          env: {
            ...process.env,
            DD_TRACE_AGENT_URL: agent.url,
            DD_DOGSTATSD_PORT: String(agent.dogstatsdPort),
            NO_COLOR: "1",
          },
        },
      );
      output = stdout;
      await waitForIntake(agent);
    }, timeoutMs);

    afterAll(() => agent?.stop());

    test("takes the support desk's traces and hands them to its intake", () => {
      expect(output).toMatch(/^33 spans and 16 log lines were sent/);
      const traces = intakeText(agent);
      for (const name of ["ticket.handle", "agent.run", "llm.request", "billing.decide"]) {
        expect(traces).toContain(name);
      }
    });

    test("refuses none of them", () => {
      const complaints = agent
        .log()
        .filter((line) => /error decoding|invalid type|payload.*(lost|drop)/i.test(line));

      expect(complaints).toEqual([]);
    });
  },
);

/** The Agent flushes to its intake every three seconds; both processes' payloads have to be there. */
async function waitForIntake(agent: RealAgent): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const text = intakeText(agent);
    if (text.includes("ticket.handle") && text.includes("billing.decide")) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

function intakeText(agent: RealAgent): string {
  return agent
    .intakeRequests()
    .filter(({ path }) => path.startsWith("/api/v0.2/traces"))
    .map(({ body }) => body.toString("latin1"))
    .join("\n");
}
