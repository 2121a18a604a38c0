import { createClient } from "@llmdevops/dd";
import { metricCatalogue } from "@llmdevops/dd-metrics";
import { startTestAgent } from "@llmdevops/dd-testing";
import { expect, test } from "vitest";

const letters = { count: "c", gauge: "g", distribution: "d" } as const;

test("what a model's and an agent's calls emit has the catalogue's types and tags", async () => {
  const agent = await startTestAgent();
  const client = createClient({
    service: "shop",
    agent: { url: agent.url },
    dogstatsd: { host: "127.0.0.1", port: agent.dogstatsdPort },
  });

  const fail = async () => {
    throw new TypeError("planned");
  };
  await client.traceAgent(
    { agentName: "planner", collaboratingAgents: ["writer"] },
    async (span) => {
      await client.traceToolCall(span, "lookup", {}, () => "found");
      await client.traceToolCall(span, "lookup", {}, fail).catch(() => {});
      await client.traceAgentStep(span, "think", async () => {});
      await client.traceLLM({ provider: "anthropic", model: "claude-sonnet-4-6" }, async (call) => {
        call.setUsage({ input_tokens: 100, cache_read_input_tokens: 900, output_tokens: 20 });
      });
      await client.traceLLM({ provider: "openai", model: "gpt-4o-mini" }, fail).catch(() => {});
    },
  );
  await client.shutdown();
  await agent.waitFor((received) => received.metrics().length >= 15);

  const defined = new Map(metricCatalogue.map((definition) => [definition.name, definition]));
  const emitted = new Set(agent.metrics().map(({ name }) => name));
  expect([...emitted].filter((name) => !defined.has(name))).toEqual([]);
  const listed = agent.metrics().filter(({ name }) => defined.has(name));
  expect(new Set(listed.map(({ name }) => name)).size).toBeGreaterThanOrEqual(15);
  for (const { name, type, tags } of listed) {
    const definition = defined.get(name);
    const keys = tags.map((tag) => tag.split(":")[0]).filter((key) => key !== "service");
    expect([name, type]).toEqual([name, definition && letters[definition.type]]);
    expect(definition?.tags).toEqual(expect.arrayContaining(keys));
  }
  await agent.stop();
});
