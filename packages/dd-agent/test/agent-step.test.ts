import type { Span } from "@llmdevops/dd-core";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { RecordedAgentSpan } from "../src/agent-span.ts";
import { startAgents } from "./agents-fixture.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("a step", () => {
  test("is a span of the agent's trace with its number", () => {
    const { agents } = startAgents();
    const agent = agents.startAgentSpan("run", { agentName: "desk" });

    const spans = ["plan", "act"].map((name) => agents.traceAgentStep(agent, name, (span) => span));

    expect(spans.map(({ name }) => name)).toEqual(["plan", "act"]);
    for (const [index, span] of spans.entries()) {
      expect(span.traceId).toBe(agent.traceId);
      expect(span.getTag("resource.name")).toBe(`desk ${span.name}`);
      expect(span.getTag("agent.name")).toBe("desk");
      expect(span.getTag("agent.run_id")).toBe(agent.runId);
      expect(span.getTag("agent.step")).toBe(index + 1);
      expect(span.getTag("manual.keep")).toBe(true);
      expect(span.finished).toBe(true);
    }
    expect(agent.steps).toBe(2);
    agent.finish();
  });

  test("is active while its function runs, and ends with it", async () => {
    const { agents, tracing } = startAgents();
    const agent = agents.startAgentSpan("run", { agentName: "desk" });
    let step: Span | undefined;

    const result = await agents.traceAgentStep(agent, "plan", async (span) => {
      step = span;
      await Promise.resolve();
      expect(tracing.getCurrentSpan()?.spanId).toBe(span.spanId);
      expect(span.finished).toBe(false);
      return 7;
    });

    expect(result).toBe(7);
    expect(step?.finished).toBe(true);
    agent.finish();
  });

  test("that fails records and throws on what was thrown", () => {
    const { agents } = startAgents();
    const agent = agents.startAgentSpan("run", { agentName: "desk" });
    const failure = new RangeError("too far");
    let step: Span | undefined;

    expect(() =>
      agents.traceAgentStep(agent, "plan", (span) => {
        step = span;
        throw failure;
      }),
    ).toThrow(failure);
    expect(step?.getTag("error.type")).toBe("RangeError");
    expect(step?.finished).toBe(true);
    expect(agent.getTag("error")).toBeUndefined();
    agent.finish();
  });

  test("sends its duration under the agent's name", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { agents, metrics } = startAgents();
    const agent = agents.startAgentSpan("run", { agentName: "desk" });

    agents.traceAgentStep(agent, "plan", () => vi.advanceTimersByTime(40));

    expect(metrics.records).toEqual([
      { type: "distribution", name: "agent.step.duration", value: 40, tags: { agent: "desk" } },
    ]);
    agent.finish();
  });
});

describe("step numbers", () => {
  interface Node {
    readonly tool: boolean;
    readonly delay: number;
    readonly children: readonly Node[];
  }
  const { node } = fc.letrec<{ node: Node }>((tie) => ({
    node: fc.record({
      tool: fc.boolean(),
      delay: fc.nat(3),
      children: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie("node"), { maxLength: 3 })),
    }),
  }));

  test("are 1 to n without gap or repetition, over any tree of concurrent steps and tools", async () => {
    const { agents } = startAgents();
    await fc.assert(
      fc.asyncProperty(fc.array(node, { maxLength: 4 }), async (roots) => {
        const numbers: unknown[] = [];
        const agent = await agents.traceAgent({ agentName: "desk" }, async (span) => {
          const visit = (current: Node): Promise<void> => {
            const run = async (step: Span): Promise<void> => {
              numbers.push(step.getTag("agent.step"));
              for (let turn = 0; turn < current.delay; turn += 1) {
                await new Promise((resolve) => setImmediate(resolve));
              }
              await Promise.all(current.children.map(visit));
            };
            return current.tool
              ? agents.traceToolCall(span, "tool", {}, run)
              : agents.traceAgentStep(span, "step", run);
          };
          await Promise.all(roots.map(visit));
          return span;
        });

        const expected = numbers.map((_, index) => index + 1);
        expect([...numbers].sort((a, b) => Number(a) - Number(b))).toEqual(expected);
        expect(agent.steps).toBe(numbers.length);
        expect(agent.getTag("agent.steps")).toBe(numbers.length);
      }),
      { numRuns: 50 },
    );
  });

  test("of two agents are independent, also of parent and child", () => {
    const { agents } = startAgents();
    const parent = agents.startAgentSpan("run", { agentName: "desk" });
    const child = agents.startAgentSpan("run", { agentName: "writer", parentAgentSpan: parent });

    const numbers = [parent, child, parent].map((agent) =>
      agents.traceAgentStep(agent, "step", (span) => span.getTag("agent.step")),
    );

    expect(numbers).toEqual([1, 1, 2]);
    child.finish();
    parent.finish();
  });
});

test("what starts below another span in a step is part of that step, also next to a step of another agent", async () => {
  const { agents, tracing } = startAgents();
  const observed = agents.observeModelCalls(tracing);
  const callModel = () => observed.startSpan("model", { type: "llm", resource: "model" }).finish();
  const other = agents.startAgentSpan("run", { agentName: "other", childOf: null });

  const desk = await agents.traceAgent({ agentName: "desk", childOf: null }, async (span) => {
    await agents.traceAgentStep(span, "think", async () => {
      await tracing.trace("search.index", async () => {
        agents.traceAgent({ agentName: "helper" }, () => {});
        callModel();
      });
      // Whose work the code does is what it says last.
      agents.traceAgentStep(other, "ask", () => {
        callModel();
        tracing.withSpan(span, callModel);
      });
    });
    return span;
  });
  other.finish();

  const [think] = (desk as RecordedAgentSpan).run.activity.children;
  expect(think?.children.map(({ kind, name }) => [kind, name])).toEqual([
    ["agent", "helper"],
    ["model", "model call"],
  ]);
  const [ask] = (other as RecordedAgentSpan).run.activity.children;
  expect(ask?.children.map(({ kind }) => kind)).toEqual(["model", "model"]);
  expect(other.summary().modelCalls).toBe(2);
});
