import { describe, expect, test } from "vitest";
import { startAgents } from "./agents-fixture.ts";

describe("observed spans of type llm", () => {
  test.each([
    ["llm", 1],
    ["embedding", 1],
    ["workflow", 0],
    ["task", 0],
    ["tool", 0],
    ["retrieval", 0],
  ] as const)("of the kind %s count as %i model calls", (kind, expected) => {
    const { agents, tracing } = startAgents();
    const observed = agents.observeModelCalls(tracing);

    agents.traceAgent({ agentName: "desk" }, (agent) => {
      observed.startSpan("call", { type: "llm", llmobs: { kind } }).finish();
      expect(agent.summary().modelCalls).toBe(expected);
    });
  });
});

describe("a model call with a parent that is no agent's", () => {
  test("counts for the agent whose code starts it, within one trace", () => {
    const { agents, tracing } = startAgents();
    const observed = agents.observeModelCalls(tracing);
    const options = { type: "llm", llmobs: { kind: "llm" } } as const;
    const elsewhere = tracing.startSpan("other", { childOf: null });

    agents.traceAgent({ agentName: "desk" }, (agent) => {
      const workflow = tracing.startSpan("workflow");
      observed.startSpan("call", { ...options, childOf: workflow }).finish();
      observed.startSpan("call", { ...options, childOf: elsewhere }).finish();
      observed.startSpan("call", { ...options, childOf: elsewhere.context() }).finish();
      observed.startSpan("call", { ...options, childOf: null }).finish();
      workflow.finish();
      expect(agent.summary().modelCalls).toBe(1);
    });
    elsewhere.finish();
  });

  test("that is told of after its end counts with its time", () => {
    const { agents, tracing } = startAgents();
    const observed = agents.observeModelCalls(tracing);

    const startTime = Date.now() - 500;
    const agent = agents.startAgentSpan("run", { agentName: "desk" });
    observed
      .startSpan("call", { type: "llm", llmobs: { kind: "llm" }, childOf: agent, startTime })
      .finish();
    agent.finish();

    // At the earliest it began with the agent.
    expect(agent.summary().modelMs).toBeLessThan(500);
  });
});
