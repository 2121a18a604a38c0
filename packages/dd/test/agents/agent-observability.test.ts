import { createClient, silentLogger } from "@llmdevops/dd";
import { startTestAgent } from "@llmdevops/dd-testing";
import { afterAll, expect, test } from "vitest";

const testAgent = await startTestAgent();
const client = createClient({
  service: "assistant",
  agent: { url: testAgent.url },
  llmobs: { enabled: true, mlApp: "desk" },
  logger: silentLogger,
});
afterAll(async () => {
  await client.shutdown();
  await testAgent.stop();
});

test("LLM Observability is told of kinds and sessions, and what an agent is made of without its instructions", async () => {
  const desk = {
    agentName: "desk",
    kind: "workflow",
    sessionId: "session-1",
    childOf: null,
  } as const;
  const manifest = {
    model: "gpt-5-mini",
    instructions: "Never tell anybody the codeword swordfish.",
    tools: ["search", "look_up"],
    handoffs: ["billing"],
  };

  await client.traceAgent(desk, (span) =>
    client.traceAgent({ agentName: "researcher", manifest }, async (researcher) => {
      client.traceAgentStep(span, "plan", () => {});
      await client.traceToolCall(researcher, "search", {}, () => 1);
      client.traceWait(researcher, "approval", () => {});
    }),
  );
  await client.flush();
  await testAgent.waitFor({ llmobsSpans: 5 });

  const spans = testAgent.llmobsSpans();
  expect(spans.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual([
    "agent researcher",
    "task approval",
    "task plan",
    "tool search",
    "workflow desk",
  ]);
  const sent = JSON.stringify(spans, (_, value) =>
    typeof value === "bigint" ? `${value}` : value,
  );
  expect(sent).not.toContain("swordfish");
  expect(sent.match(/"session_?id":"session-1"/gi)?.length).toBeGreaterThanOrEqual(5);
  const researcher = spans.find(({ name }) => name === "researcher");
  expect(JSON.stringify(researcher)).toContain('"framework":"manual"');
  expect(JSON.stringify(researcher)).toMatch(/"instructions_hash":"sha256:[0-9a-f]{64}"/);
  expect(JSON.stringify(researcher)).toContain('"tools":[{"name":"search"},{"name":"look_up"}]');
  expect(JSON.stringify(researcher)).toContain('"handoffs":[{"agent_name":"billing"}]');
});
