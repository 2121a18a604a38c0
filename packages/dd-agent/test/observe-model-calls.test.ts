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

describe("an observed client", () => {
  test("has every method and property of the client that it stands for", () => {
    const { agents, tracing } = startAgents();
    const observed = agents.observeModelCalls(tracing);
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(tracing));

    for (const name of [...names, ...Object.keys(tracing)]) {
      if (name === "constructor") continue;
      expect(typeof Reflect.get(observed, name), name).toBe(typeof Reflect.get(tracing, name));
    }
    expect(observed.configuration).toBe(tracing.configuration);
    expect(observed.diagnostics).toBe(tracing.diagnostics);
    expect(observed.health()).toEqual(tracing.health());
    expect(observed.trace("work", (span) => span.name)).toBe("work");
  });

  test("shows what changes in a client of any other kind", () => {
    const { agents, tracing } = startAgents();
    const other = {
      calls: 0,
      startSpan(...given: Parameters<typeof tracing.startSpan>) {
        this.calls += 1;
        return tracing.startSpan(...given);
      },
    };
    const observed = agents.observeModelCalls(other);

    observed.startSpan("call").finish();
    expect(other.calls).toBe(1);
    expect(observed.calls).toBe(1);
  });
});
