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
