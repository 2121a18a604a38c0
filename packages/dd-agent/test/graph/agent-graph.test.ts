import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GraphRecorder } from "../../src/graph/graph-recorder.ts";
import { startAgents } from "../agents-fixture.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function runDesk(
  agents: ReturnType<typeof startAgents>["agents"],
): Promise<ReturnType<typeof agents.graph>> {
  return agents.traceAgent(
    { agentName: "desk", agentType: "orchestrator", childOf: null },
    async (desk) => {
      await agents.traceAgent({ agentName: "researcher" }, async (researcher) => {
        researcher.recordModelCall({ inputTokens: 90, outputTokens: 10, costUsd: 0.5 });
        await agents.traceToolCall(researcher, "search", {}, () => vi.advanceTimersByTime(10));
        await agents
          .traceToolCall(researcher, "search", {}, () => Promise.reject(new Error("no")))
          .catch(() => {});
      });
      agents.traceAgent({ agentName: "billing", handoffFrom: desk }, () => {});
      return desk.graph();
    },
  );
}

describe("the graph of a run", () => {
  test("has its agents and tools, and what went on between them", async () => {
    const { agents } = startAgents();

    const { nodes, edges, droppedEdges } = (await runDesk(agents)).toJSON();

    expect(nodes).toMatchObject([
      { id: "agent:desk", kind: "agent", type: "orchestrator", agents: 1, totalTokens: 0 },
      {
        id: "agent:researcher",
        kind: "agent",
        agents: 1,
        totalTokens: 100,
        costUsd: 0.5,
        toolCalls: 2,
        errors: 1,
      },
      { id: "agent:billing", kind: "agent", agents: 1 },
      { id: "tool:search", kind: "tool", name: "search" },
    ]);
    expect(edges).toEqual([
      {
        from: "agent:researcher",
        to: "tool:search",
        relationship: "calls",
        count: 2,
        errors: 1,
        durationMs: 10,
        costUsd: 0,
      },
      {
        from: "agent:desk",
        to: "agent:researcher",
        relationship: "delegates",
        count: 1,
        errors: 0,
        durationMs: 10,
        costUsd: 0.5,
      },
      {
        from: "agent:desk",
        to: "agent:billing",
        relationship: "handoff",
        count: 1,
        errors: 0,
        durationMs: 0,
        costUsd: 0,
      },
    ]);
    expect(droppedEdges).toBe(0);
  });

  test("is written as a Mermaid flowchart", async () => {
    const { agents } = startAgents();

    expect((await runDesk(agents)).toMermaid()).toMatchInlineSnapshot(`
      "flowchart LR
        n0["desk<br>1 run"]
        n1["researcher<br>1 run<br>100 tokens, $0.500000"]
        n2["billing<br>1 run"]
        n3(["search"])
        n1 -->|"calls ×2, 5.0 ms, 1 failed"| n3
        n0 -->|"delegates ×1, 10.0 ms"| n1
        n0 -.->|"handoff ×1"| n2
      "
    `);
  });

  test("is written in Graphviz' language", async () => {
    const { agents } = startAgents();

    expect((await runDesk(agents)).toDot()).toMatchInlineSnapshot(`
      "digraph agents {
        rankdir=LR;
        n0 [shape=box, label="desk\\n1 run"];
        n1 [shape=box, label="researcher\\n1 run\\n100 tokens, $0.500000"];
        n2 [shape=box, label="billing\\n1 run"];
        n3 [shape=ellipse, label="search"];
        n1 -> n3 [label="calls ×2, 5.0 ms, 1 failed"];
        n0 -> n1 [label="delegates ×1, 10.0 ms"];
        n0 -> n2 [label="handoff ×1", style=dashed];
      }
      "
    `);
  });

  test("is part of that of the client, which adds up its runs", async () => {
    const { agents } = startAgents();
    await runDesk(agents);
    await runDesk(agents);

    const { nodes, edges } = agents.graph().toJSON();

    expect(nodes[0]).toMatchObject({ name: "desk", agents: 2 });
    expect(edges.map(({ relationship, count }) => [relationship, count])).toEqual([
      ["calls", 4],
      ["delegates", 2],
      ["handoff", 2],
    ]);
  });
});

test("a graph of endless names stays small, and counts what it leaves out", () => {
  const graph = new GraphRecorder();

  for (let index = 0; index < 5_000; index += 1) {
    graph.connectAgents(`agent ${index}`, `agent ${index + 1}`, `relationship ${index}`);
    graph.connectTool(graph.agent(`agent ${index}`), `tool ${index}`, {});
  }

  const { nodes, edges, droppedEdges } = graph.toJSON();
  expect(nodes.length).toBeLessThanOrEqual(258);
  expect(nodes.map(({ id }) => id)).toContain("agent:(other)");
  expect(edges).toHaveLength(1_024);
  const ids = new Set(nodes.map(({ id }) => id));
  expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
  expect(droppedEdges + edges.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
});

test("no name can break out of the text of a graph", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (name, relationship) => {
      const graph = new GraphRecorder();
      graph.connectAgents(name, `${name}"]; click`, relationship);
      graph.connectTool(graph.agent(name), "<img src=x>", {});

      const mermaid = graph.toMermaid().split("\n");
      const dot = graph.toDot().split("\n");

      expect(mermaid).toHaveLength(1 + 3 + 2 + 1);
      for (const line of mermaid.slice(1, 4)) {
        expect(line).toMatch(/^ {2}n\d(\["[^"<>\]]*(<br>[^"<>\]]*)*"\]|\(\["[^"<>\]]*"\]\))$/);
      }
      expect(dot).toHaveLength(2 + 3 + 2 + 2);
      for (const line of dot.slice(2, 7)) {
        expect(line).toMatch(
          /^ {2}n\d( -> n\d)? \[(shape=\w+, )?label="([^"\\]|\\.)*"(, style=dashed)?\];$/u,
        );
      }
    }),
  );
});
