import { expect, test, vi } from "vitest";
import { startAgents } from "./agents-fixture.ts";

test("agents, steps and tools ask for LLM Observability spans of their kinds and names", async () => {
  const { agents, tracing } = startAgents();
  const startSpan = vi.spyOn(tracing, "startSpan");
  const unnamed = { agentName: "writer", sessionId: 7 as unknown as string };

  await agents.traceAgent({ agentName: "desk", sessionId: "session-1" }, async (desk) => {
    agents.traceAgentStep(desk, "plan", () => {});
    await agents.traceToolCall(desk, "search", {}, () => {});
    agents.traceAgent(unnamed, () => {});
  });

  expect(startSpan.mock.calls.map(([, options]) => options?.llmobs)).toEqual([
    { kind: "agent", name: "desk", sessionId: "session-1" },
    { kind: "task" },
    { kind: "tool", name: "search" },
    { kind: "agent", name: "writer", sessionId: "session-1" },
  ]);
  startSpan.mockRestore();
});

test("a time limit is handed to the span", () => {
  const { agents, tracing } = startAgents();
  const startSpan = vi.spyOn(tracing, "startSpan");

  agents.startAgentSpan("run", { agentName: "desk", timeoutMs: 5_000 }).finish();
  agents.startAgentSpan("run", { agentName: "desk" }).finish();

  expect(startSpan.mock.calls.map(([, options]) => options?.timeoutMs)).toEqual([5_000, undefined]);
  startSpan.mockRestore();
});
