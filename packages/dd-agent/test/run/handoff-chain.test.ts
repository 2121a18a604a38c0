import { expect, test } from "vitest";
import type { AgentSpan } from "../../src/index.ts";
import { startAgents } from "../agents-fixture.ts";

test("a chain of hand-offs is one run, on one level, whose first agent can be forgotten", () => {
  const { agents } = startAgents({ budget: { maximumDepth: 1 } });
  const first = agents.startAgentSpan("run", { agentName: "agent-0", childOf: null });
  let span: AgentSpan = first;
  for (let index = 1; index <= 200; index += 1) {
    const next = agents.startAgentSpan("run", { agentName: `agent-${index}`, handoffFrom: span });
    span.finish();
    span = next;
  }
  span.finish();

  expect(span.runId).toBe(first.runId);
  expect(first.outcome).toBe("handed_off");
  expect(span.outcome).toBe("completed");
  expect(span.getTag("agent.handoff_from")).toBe("agent-199");
  expect(span.summary()).toMatchObject({ agents: 201, handoffs: 200, violations: [] });
});

test("a sub-agent's cost counts for the edge to it, with that of the agents below", () => {
  const { agents } = startAgents();

  const graph = agents.traceAgent({ agentName: "desk", childOf: null }, (desk) => {
    agents.traceAgent({ agentName: "writer" }, (writer) => {
      writer.recordModelCall({ costUsd: 0.25 });
      agents.traceAgent({ agentName: "editor" }, (editor) =>
        editor.recordModelCall({ costUsd: 0.5 }),
      );
    });
    return desk.graph();
  });

  expect(graph.toJSON().edges.map(({ from, to, costUsd }) => [from, to, costUsd])).toEqual([
    ["agent:writer", "agent:editor", 0.5],
    ["agent:desk", "agent:writer", 0.75],
  ]);
});
