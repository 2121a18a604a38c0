import { expect, test } from "vitest";
import type { AgentSpan } from "../../src/index.ts";
import { HandoffChain } from "../../src/run/handoff-chain.ts";
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

test("resume takes over only a whole count about the agent that hands over, and only where nothing is known", () => {
  const sent = {
    "agent.handoff_from": "sales",
    "agent.handoff_to": "support",
    "agent.handoff_count": "3",
  };
  const resumed = (changes: Readonly<Record<string, string>>, agentName = "support") => {
    const chain = new HandoffChain();
    chain.resume({ ...sent, ...changes }, agentName);
    return chain.note(agentName, "sales");
  };

  expect(resumed({})).toBe(4);
  expect(resumed({}, "billing")).toBe(1);
  expect(resumed({ "agent.handoff_from": "" })).toBe(1);
  for (const count of ["0", "-1", "1.5", "NaN", "Infinity", "1e9", "", "{}"]) {
    expect(resumed({ "agent.handoff_count": count })).toBe(1);
  }
  const busy = new HandoffChain();
  busy.note("support", "sales");
  busy.resume(sent, "support");
  expect(busy.note("sales", "support")).toBe(2);
});
