import { createClient } from "@llmdevops/dd";
import { generateLoad, startTestAgent } from "@llmdevops/dd-testing";
import { expect, onTestFinished, test } from "vitest";

test("load through the client arrives at the Agent with every span it was made of", async () => {
  const agent = await startTestAgent();
  onTestFinished(() => agent.stop());
  const client = createClient({
    service: "load",
    agent: { url: agent.url },
    dogstatsd: { port: agent.dogstatsdPort },
  });
  onTestFinished(async () => void (await client.shutdown()));

  const report = await generateLoad({ client, tracesPerSecond: 200, durationMs: 200, agents: 1 });
  await agent.waitFor({ spans: report.spans, metrics: ({ name }) => name === "llm.request.count" });

  expect(report).toMatchObject({ traces: 40, accepted: 40 });
  expect(agent.spans()).toHaveLength(report.spans);
  expect(agent.traces()).toHaveLength(report.traces);
  expect(agent.rejections()).toEqual([]);
});
