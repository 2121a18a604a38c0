import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startTestAgent } from "@llmdevops/dd-testing";
import { expect, test } from "vitest";

async function runExample(environment: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@llmdevops/source", fileURLToPath(new URL("../src/agents.ts", import.meta.url))],
    { env: { PATH: process.env["PATH"], ...environment } },
  );
  return stdout;
}

/** What README.md says that the example prints. */
function outputOfReadme(): string {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  return /## Agent patterns[\s\S]*?```text\n([^`]*)```/.exec(readme)?.[1] ?? "";
}

/** Without times, and without the path, which says which of the parallel agents was the last. */
function comparable(output: string): string {
  return output
    .trim()
    .replace(/[\d.]+ ms/g, "– ms")
    .replace(/^critical path: .*$/m, "");
}

test("the desk researches in parallel, hands off through a queue, and its guard catches a loop", async () => {
  await using agent = await startTestAgent();

  const output = await runExample(agent.env);

  expect(output).toContain("researchers found 2 articles");
  expect(output).toContain("billing answered through in-process: refund of order 4711 approved");
  expect(output).toContain("loop: The run has passed its limit of 3 for identical tool calls: 4.");
  expect(output).toContain("run: completed, 3 agents, 2 tool calls");
  expect(output).toMatch(/flowchart LR[\s\S]*delegates ×2[\s\S]*handoff ×1[\s\S]*calls ×4/);
  expect(comparable(output)).toBe(comparable(outputOfReadme()));
  const spans = agent.spans();
  const named = (name: string) =>
    spans.filter(({ meta, type }) => type === "agent" && meta["agent.name"] === name);
  const [desk] = named("support-desk");
  expect(named("researcher").map(({ parentId }) => parentId)).toEqual([desk?.spanId, desk?.spanId]);
  const [billing] = named("billing");
  expect(billing?.traceId).not.toBe(desk?.traceId);
  expect(billing?.meta["agent.run_id"]).toBe(desk?.meta["agent.run_id"]);
  expect(billing?.spanLinks?.map(({ spanId }) => spanId)).toEqual([desk?.spanId]);
  expect(named("looper")[0]?.meta["agent.outcome"]).toBe("loop_detected");
}, 30_000);

const brokerUrl = process.env["AMQP_URL"];

test.skipIf(brokerUrl === undefined)(
  "a RabbitMQ broker carries the same hand-off (skipped where AMQP_URL is not set)",
  async () => {
    await using agent = await startTestAgent();

    const output = await runExample({ ...agent.env, AMQP_URL: brokerUrl });

    expect(output).toContain("billing answered through rabbitmq: refund of order 4711 approved");
  },
  30_000,
);
