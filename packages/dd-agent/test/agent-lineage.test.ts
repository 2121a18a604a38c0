import { spanOwner } from "@llmdevops/dd-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AgentScope, RecordedAgentSpan } from "../src/agent-span.ts";
import type { AgentSpan } from "../src/index.ts";
import { startAgents } from "./agents-fixture.ts";

describe("lineage", () => {
  test("names the agents from the outermost on, and joins them in one run", () => {
    const { agents } = startAgents();
    const desk = agents.startAgentSpan("run", { agentName: "desk" });
    const researcher = agents.startAgentSpan("run", {
      agentName: "researcher",
      parentAgentSpan: desk,
    });

    expect(agents.getAgentLineage(desk)).toEqual(["desk"]);
    expect(agents.getAgentLineage(researcher)).toEqual(["desk", "researcher"]);
    expect(researcher.runId).toBe(desk.runId);
    expect(researcher.traceId).toBe(desk.traceId);
    expect(researcher.getTag("agent.parent")).toBe("desk");
    expect(researcher.getTag("agent.parent_span_id")).toBe(desk.spanId);
  });

  test("follows runs, not names", () => {
    const { agents } = startAgents();
    const outer = agents.startAgentSpan("run", { agentName: "planner" });
    const inner = agents.startAgentSpan("run", { agentName: "planner", parentAgentSpan: outer });
    const innermost = agents.startAgentSpan("run", {
      agentName: "planner",
      parentAgentSpan: inner,
    });
    const other = agents.startAgentSpan("run", { agentName: "planner" });

    expect(agents.getAgentLineage(innermost)).toEqual(["planner", "planner", "planner"]);
    expect(agents.getAgentLineage(other)).toEqual(["planner"]);
    expect(other.runId).not.toBe(outer.runId);
  });

  test("keeps the nearest 64 names of a deeper nesting", () => {
    const { agents } = startAgents();
    let span: AgentSpan = agents.startAgentSpan("run", { agentName: "agent-0", childOf: null });
    for (let depth = 1; depth <= 100; depth += 1) {
      span = agents.startAgentSpan("run", { agentName: `agent-${depth}`, parentAgentSpan: span });
    }

    const lineage = agents.getAgentLineage(span);

    expect(lineage).toHaveLength(64);
    expect(lineage[0]).toBe("agent-37");
    expect(lineage.at(-1)).toBe("agent-100");
  });

  test("is a copy that the caller may change", () => {
    const { agents } = startAgents();
    const span = agents.startAgentSpan("run", { agentName: "desk" });

    agents.getAgentLineage(span).push("intruder");

    expect(agents.getAgentLineage(span)).toEqual(["desk"]);
  });

  test("continues under the agent of the enclosing traceAgent", async () => {
    const { agents } = startAgents();

    await agents.traceAgent({ agentName: "desk" }, async (desk) => {
      await Promise.resolve();
      await agents.traceToolCall(desk, "delegate", {}, () =>
        agents.traceAgent({ agentName: "writer" }, (writer) => {
          expect(agents.getAgentLineage(writer)).toEqual(["desk", "writer"]);
          expect(writer.runId).toBe(desk.runId);
          expect(writer.getTag("agent.parent_span_id")).toBe(desk.spanId);
        }),
      );
    });
  });

  test("starts anew where childOf places the span elsewhere", () => {
    const { agents, tracing } = startAgents();
    const remote = tracing.extractContext({
      "x-datadog-trace-id": "1234567890",
      "x-datadog-parent-id": "987654321",
    });

    agents.traceAgent({ agentName: "desk" }, (desk) => {
      const alone = agents.startAgentSpan("run", { agentName: "alone", childOf: null });
      const joined = agents.startAgentSpan("run", { agentName: "joined", childOf: remote });

      expect(agents.getAgentLineage(alone)).toEqual(["alone"]);
      expect(alone.traceId).not.toBe(desk.traceId);
      expect(agents.getAgentLineage(joined)).toEqual(["joined"]);
      expect(joined.traceId).toBe("1234567890");
      expect(joined.runId).not.toBe(desk.runId);
    });
  });

  test("keeps the parent agent also where childOf names the parent span", () => {
    const { agents } = startAgents();
    const desk = agents.startAgentSpan("run", { agentName: "desk" });

    const span = agents.startAgentSpan("run", {
      agentName: "writer",
      parentAgentSpan: desk,
      childOf: null,
    });

    expect(agents.getAgentLineage(span)).toEqual(["desk", "writer"]);
    expect(span.getTag("agent.parent")).toBe("desk");
    expect(span.traceId).not.toBe(desk.traceId);
  });

  test("takes the run that another process began", () => {
    const { agents } = startAgents();
    const desk = agents.startAgentSpan("run", { agentName: "desk" });

    const joined = agents.startAgentSpan("run", {
      agentName: "billing",
      parentAgentSpan: desk,
      runId: "run-of-the-other",
    });
    const nameless = agents.startAgentSpan("run", { agentName: "billing", runId: "" });

    expect(joined.runId).toBe("run-of-the-other");
    expect(joined.getTag("agent.run_id")).toBe("run-of-the-other");
    expect(nameless.runId).not.toBe("");
  });

  test("goes on from an agent span of another copy of the package", () => {
    const { agents } = startAgents();
    const own = agents.startAgentSpan("run", { agentName: "desk" });
    const foreign = Object.assign(Object.create(null), {
      agentName: "desk",
      runId: "run-1",
      spanId: "42",
    }) as AgentSpan;
    own.finish();

    const span = agents.startAgentSpan("run", { agentName: "writer", parentAgentSpan: foreign });

    expect(agents.getAgentLineage(span)).toEqual(["desk", "writer"]);
    expect(span.runId).toBe("run-1");
    expect(span.getTag("agent.parent_span_id")).toBe("42");
  });

  test("is shared by two clients", () => {
    const first = startAgents();
    const second = startAgents();
    const desk = first.agents.startAgentSpan("run", { agentName: "desk" });

    const span = second.agents.startAgentSpan("run", {
      agentName: "writer",
      parentAgentSpan: desk,
    });

    expect(second.agents.getAgentLineage(span)).toEqual(["desk", "writer"]);
  });
});

describe("agents in parallel", () => {
  interface Tree {
    readonly name: string;
    readonly delay: number;
    readonly explicit: boolean;
    readonly children: readonly Tree[];
  }
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.record({
      name: fc.constantFrom("a", "b", "c"),
      delay: fc.nat(3),
      explicit: fc.boolean(),
      children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("tree"), { maxLength: 3 })),
    }),
  }));

  async function pause(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
  }

  test("each have their own ancestors, explicit or not, and one run", async () => {
    const { agents } = startAgents();
    await fc.assert(
      fc.asyncProperty(tree, async (root) => {
        const runIds = new Set<string>();
        const visit = (node: Tree, expected: string[], parent?: AgentSpan): Promise<void> =>
          agents.traceAgent(
            {
              agentName: node.name,
              ...(node.explicit && parent ? { parentAgentSpan: parent } : {}),
            },
            async (span) => {
              const lineage = [...expected, node.name];
              runIds.add(span.runId);
              await pause(node.delay);
              expect(agents.getAgentLineage(span)).toEqual(lineage);
              expect(span.getTag("agent.parent_span_id")).toBe(parent?.spanId);
              expect(span.traceId).toBe((parent ?? span).traceId);
              await Promise.all(node.children.map((child) => visit(child, lineage, span)));
            },
          );

        await visit(root, []);

        expect(runIds.size).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  test("have the parent they name, whichever agent is active", async () => {
    const { agents } = startAgents();
    const other = agents.startAgentSpan("run", { agentName: "other" });

    await agents.traceAgent({ agentName: "desk" }, async (desk) => {
      const spans = await Promise.all(
        [desk, other, desk, other].map((parentAgentSpan) =>
          agents.traceAgent({ agentName: "worker", parentAgentSpan }, async (span) => {
            await pause(1);
            return span;
          }),
        ),
      );
      expect(spans.map((span) => span.traceId)).toEqual(
        [desk, other, desk, other].map(({ traceId }) => traceId),
      );
      expect(spans.map((span) => span.getTag("agent.parent"))).toEqual([
        "desk",
        "other",
        "desk",
        "other",
      ]);
    });
  });
});

test("the span of a sub-agent does not hold the step that started it", () => {
  const { agents } = startAgents();
  const desk = agents.startAgentSpan("run", { agentName: "desk", childOf: null });

  agents.traceAgentStep(desk, "delegate", (step) => {
    expect((spanOwner(step) as AgentScope).agentSpan).toBe(desk);
    const helper = agents.startAgentSpan("run", { agentName: "helper" });
    expect(helper.getTag("agent.parent")).toBe("desk");
    expect(spanOwner(helper)).toBe((helper as RecordedAgentSpan).run);
    helper.finish();
  });
  desk.finish();
});
