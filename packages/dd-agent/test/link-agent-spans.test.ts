import { expect, test } from "vitest";
import { startAgents } from "./agents-fixture.ts";

test("a handoff is counted with both names, and with remote for another process", () => {
  const { agents, metrics, tracing } = startAgents();
  const from = agents.startAgentSpan("run", { agentName: "desk" });
  const to = agents.startAgentSpan("run", { agentName: "billing" });
  const plain = tracing.startSpan("plain");

  agents.linkAgentSpans(from, to);
  agents.linkAgentSpans(from, to.context());
  agents.linkAgentSpans(from, plain);

  expect(
    metrics.named("agent.handoff").map(({ type, value, tags }) => [type, value, tags]),
  ).toEqual([
    ["increment", 1, { from_agent: "desk", to_agent: "billing" }],
    ["increment", 1, { from_agent: "desk", to_agent: "remote" }],
    ["increment", 1, { from_agent: "desk", to_agent: "remote" }],
  ]);
  for (const span of [plain, to, from]) span.finish();
});
