import { createClient, type DatadogAPMClient } from "@llmdevops/dd";
import type { ContentMode } from "@llmdevops/dd-llm";
import { type ProviderServer, startProviderServer, startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, describe, expect, test } from "vitest";
import { startRecordingRelay } from "../../privacy/recording-relay.ts";
import { type Entries, plantedCanaries, plantedSecrets } from "./entries.ts";
import { plantInAISDK } from "./plant-in-ai-sdk.ts";
import { plantInClaudeAgent } from "./plant-in-claude-agent.ts";
import { plantInClients } from "./plant-in-clients.ts";
import { plantInLangChain } from "./plant-in-langchain.ts";
import { plantInMcp } from "./plant-in-mcp.ts";
import { plantInOpenAIAgents } from "./plant-in-openai-agents.ts";

type Planting = (
  datadog: DatadogAPMClient,
  plant: Entries,
  server: ProviderServer,
) => Promise<void>;

const adapters: readonly (readonly [name: string, plantIn: Planting])[] = [
  ["MCP", plantInMcp],
  ["OpenAI Agents", plantInOpenAIAgents],
  ["Claude Agent SDK", plantInClaudeAgent],
  ["LangChain", plantInLangChain],
  ["AI SDK", plantInAISDK],
  ["clients of the providers", plantInClients],
];

const agent = await startTestAgent();
const relay = await startRecordingRelay(agent);
const server = await startProviderServer();
const said: string[] = [];
const note = (message: string) => void said.push(message);
const modes: readonly ContentMode[] = ["none", "metadata", "preview", "full"];
// One process has one tracer, so all clients send to the same Agent.
const clients = new Map(modes.map((mode) => [mode, clientOf(mode)]));

function clientOf(mode: ContentMode): DatadogAPMClient {
  return createClient({
    service: "vault",
    agent: { url: relay.url },
    dogstatsd: { host: "127.0.0.1", port: relay.dogstatsdPort },
    llmobs: { enabled: true, mlApp: "vault" },
    content: { mode },
    logger: { error: note, warn: note, info: note, debug: note, trace: note },
    onError: (error) => said.push(String(error.stack)),
  });
}

afterAll(async () => {
  for (const client of clients.values()) await client.shutdown();
  await server.stop();
  await relay.stop();
  await agent.stop();
});

/** Everything that a client sent, logged and says of itself while an adapter was used. */
async function sentBy(plantIn: Planting, plant: Entries, mode: ContentMode) {
  const client = clients.get(mode) as DatadogAPMClient;
  await client.flush();
  agent.clear();
  said.length = 0;
  const before = relay.text().length;
  await plantIn(client, plant, server);
  const report = await client.flush();
  client.increment("planted");
  await client.flush();
  await agent.waitFor({ metrics: ({ name }) => name === "planted" });
  expect(report).toMatchObject({ complete: true, openSpans: 0 });
  return {
    sent: relay.text().slice(before),
    spans: agent.spans().length,
    llmobsSpans: agent.llmobsSpans().length,
    own: JSON.stringify([said, client.health()]),
  };
}

describe.each(adapters)("%s", (_, plantIn) => {
  test.each(modes)(
    "with content %s no secret in anything that it is given leaves the process",
    async (mode) => {
      const plant = plantedSecrets();

      const { sent, own, spans, llmobsSpans } = await sentBy(plantIn, plant, mode);

      expect(plant.leaks(sent), "to the Agent").toEqual([]);
      expect(plant.leaks(own), "to the log, or in health()").toEqual([]);
      expect(plant.count).toBeGreaterThan(20);
      expect(Math.min(spans, llmobsSpans)).toBeGreaterThan(3);
    },
  );

  test.each<ContentMode>(["none", "metadata"])(
    "with content %s nothing that is said leaves the process",
    async (mode) => {
      const plant = plantedCanaries();

      const { sent, own } = await sentBy(plantIn, plant, mode);

      expect(plant.leaks(sent), "to the Agent").toEqual([]);
      expect(plant.leaks(own), "to the log, or in health()").toEqual([]);
      expect(plant.count).toBeGreaterThan(5);
    },
  );

  test("with content full what is said arrives, or nothing would have been tested", async () => {
    const plant = plantedCanaries();

    const { sent } = await sentBy(plantIn, plant, "full");

    expect(plant.leaks(sent).length).toBeGreaterThan(10);
  });
});
