// A user's application by `import`: one trace with a model call and a metric, seen at the embedded Agent.
import assert from "node:assert/strict";
import { createClient } from "@llmdevops/dd";
import { startTestAgent } from "@llmdevops/dd-testing";

const agent = await startTestAgent();
const client = createClient({
  service: "consumer",
  agent: { url: agent.url },
  dogstatsd: { port: agent.dogstatsdPort },
  llmobs: { enabled: true },
});
await client.trace("request", () =>
  client.traceLLM({ provider: "openai", model: "gpt-4o-mini" }, async (span) => {
    span.setUsage({ prompt_tokens: 10, completion_tokens: 2 });
  }),
);
const report = await client.shutdown();
assert.equal(report.complete, true);
await agent.waitFor({
  spans: 2,
  llmobsSpans: 1,
  metrics: ({ name }) => name === "llm.request.count",
});
await agent.stop();
process.stdout.write("import works\n");
