import { ConfigurationError } from "@llmdevops/dd-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  AgentBudgetError,
  type AgentSpan,
  type BudgetViolation,
  type RunBudget,
} from "../../src/index.ts";
import { startAgents } from "../agents-fixture.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function step(
  agents: ReturnType<typeof startAgents>["agents"],
  span: AgentSpan,
  times: number,
): void {
  for (let count = 0; count < times; count += 1) agents.traceAgentStep(span, "step", () => {});
}

describe("a budget", () => {
  test.each<
    [
      string,
      RunBudget,
      (fixture: ReturnType<typeof startAgents>, span: AgentSpan) => unknown,
      Partial<BudgetViolation>,
    ]
  >([
    [
      "steps",
      { maximumSteps: 2 },
      ({ agents }, span) => step(agents, span, 3),
      { reason: "steps", limit: 2, actual: 3 },
    ],
    [
      "tool calls",
      { maximumToolCalls: 1 },
      async ({ agents }, span) => {
        await agents.traceToolCall(span, "a", 1, () => 1);
        await agents.traceToolCall(span, "a", 2, () => 1);
      },
      { reason: "tool_calls", limit: 1, actual: 2 },
    ],
    [
      "tokens",
      { maximumTokens: 100 },
      (_, span) => span.recordModelCall({ inputTokens: 60, outputTokens: 41 }),
      { reason: "tokens", limit: 100, actual: 101 },
    ],
    [
      "cost",
      { maximumCostUsd: 0.01 },
      (_, span) => span.recordModelCall({ costUsd: 0.010001 }),
      { reason: "cost", limit: 0.01, actual: 0.010001 },
    ],
    [
      "depth",
      { maximumDepth: 2 },
      ({ agents }, parentAgentSpan) =>
        agents.traceAgent({ agentName: "child", parentAgentSpan }, (child) =>
          agents.traceAgent({ agentName: "grandchild", parentAgentSpan: child }, () => {}),
        ),
      { reason: "depth", limit: 2, actual: 3, agentName: "grandchild" },
    ],
    [
      "wall time",
      { maximumDurationMs: 500 },
      () => vi.advanceTimersByTime(500),
      { reason: "duration", limit: 500, actual: 500 },
    ],
  ])(
    "of %s is told of once when it is passed, and not before",
    async (_title, limits, exceed, expected) => {
      const violations: BudgetViolation[] = [];
      const fixture = startAgents({
        budget: { ...limits, onViolation: (violation) => violations.push(violation) },
      });
      const within = fixture.agents.startAgentSpan("run", { agentName: "desk", childOf: null });
      step(fixture.agents, within, 2);
      within.finish();
      expect(violations).toEqual([]);

      const span = fixture.agents.startAgentSpan("run", { agentName: "desk", childOf: null });
      await exceed(fixture, span);
      await exceed(fixture, span);

      expect(violations).toEqual([
        { agentName: "desk", outcome: "budget_exceeded", runId: span.runId, ...expected },
      ]);
      expect(span.getTag("agent.budget.violations")).toBe(expected.reason);
      expect(fixture.metrics.named("agent.budget.violation").map(({ tags }) => tags)).toEqual([
        { agent: expected.agentName ?? "desk", reason: expected.reason },
      ]);
      span.finish();
      // It was a warning only.
      expect(span.outcome).toBe("completed");
      expect(span.signal.aborted).toBe(false);
      expect(span.summary().violations).toEqual([expected.reason]);
    },
  );

  test("holds for a run with all its sub-agents, and for no other run", () => {
    const { agents } = startAgents({ budget: { maximumSteps: 3 } });
    const first = agents.startAgentSpan("run", { agentName: "a", childOf: null });
    const child = agents.startAgentSpan("run", { agentName: "b", parentAgentSpan: first });
    const second = agents.startAgentSpan("run", { agentName: "a", childOf: null });

    step(agents, first, 2);
    step(agents, child, 2);
    step(agents, second, 3);

    expect(first.summary().violations).toEqual(["steps"]);
    expect(second.summary().violations).toEqual([]);
    for (const span of [child, first, second]) span.finish();
  });

  test("that aborts does so with its reason, for every agent of the run, also those that ask later", async () => {
    const { agents } = startAgents({ budget: { maximumTokens: 10, action: "abort" } });
    let child: AgentSpan | undefined;

    const run = agents.traceAgent({ agentName: "desk" }, async (desk) => {
      const { signal } = desk;
      await agents.traceAgent({ agentName: "writer" }, async (writer) => {
        child = writer;
        expect(signal.aborted).toBe(false);
        writer.recordModelCall({ inputTokens: 11 });
        expect(signal.aborted).toBe(true);
        writer.signal.throwIfAborted();
      });
    });

    const error: unknown = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(AgentBudgetError.isInstance(error)).toBe(true);
    expect(AgentBudgetError.isInstance(new Error("other"))).toBe(false);
    expect((error as AgentBudgetError).message).toBe(
      "The run has passed its limit of 10 for tokens: 11.",
    );
    expect((error as AgentBudgetError).violation).toMatchObject({
      reason: "tokens",
      agentName: "writer",
    });
    expect((error as AgentBudgetError).code).toBe("AGENT_BUDGET_EXCEEDED");
    expect(child?.getTag("agent.outcome")).toBe("budget_exceeded");
    expect(child?.summary().outcome).toBe("budget_exceeded");
  });

  test("of one run replaces that of the client; a wrong one is counted and does not", () => {
    const { agents, faults } = startAgents({ budget: { maximumSteps: 1 } });

    const own = agents.startAgentSpan("run", {
      agentName: "a",
      childOf: null,
      budget: { maximumSteps: 2 },
    });
    const wrong = agents.startAgentSpan("run", {
      agentName: "a",
      childOf: null,
      budget: { maximumSteps: 0 },
    });
    step(agents, own, 2);
    step(agents, wrong, 2);

    expect(own.summary().violations).toEqual([]);
    expect(wrong.summary().violations).toEqual(["steps"]);
    expect(faults()).toEqual({ agent_budget_invalid: 1 });
    own.finish();
    wrong.finish();
  });

  test.each<[unknown]>([
    [null],
    [7],
    [{ maximumSteps: 0 }],
    [{ maximumDepth: Number.NaN }],
    [{ maximumToolCalls: "3" }],
    [{ maximumTokens: -1 }],
    [{ maximumCostUsd: 0 }],
    [{ maximumDurationMs: 2 ** 31 }],
    [{ action: "explode" }],
    [{ onViolation: "call me" }],
  ])("%o is refused when the client is made", (budget) => {
    expect(() => startAgents({ budget: budget as RunBudget })).toThrow(ConfigurationError);
  });

  test("whose callback throws is counted, and the run goes on", () => {
    const onViolation = () => {
      throw new Error("no");
    };
    const { agents, faults } = startAgents({ budget: { maximumSteps: 1, onViolation } });

    agents.traceAgent({ agentName: "desk" }, (span) => step(agents, span, 2));

    expect(faults()).toEqual({ agent_callback_threw: 1 });
  });

  test("of wall time leaves no timer behind when the run ends", () => {
    const { agents } = startAgents({ budget: { maximumDurationMs: 500 } });

    agents.traceAgent({ agentName: "desk" }, () => {
      expect(vi.getTimerCount()).toBe(1);
    });

    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a loop", () => {
  test("of the same tool with the same arguments is found, whatever the order of their keys", async () => {
    const violations: BudgetViolation[] = [];
    const { agents } = startAgents({
      budget: {
        maximumIdenticalToolCalls: 2,
        action: "abort",
        onViolation: (violation) => violations.push(violation),
      },
    });

    const span = await agents.traceAgent({ agentName: "desk" }, async (desk) => {
      await agents.traceToolCall(desk, "search", { query: "a", page: 1 }, () => 1);
      await agents.traceToolCall(desk, "search", { query: "a", page: 2 }, () => 1);
      await agents.traceToolCall(desk, "look_up", { query: "a", page: 1 }, () => 1);
      await agents.traceToolCall(desk, "search", { page: 1, query: "a" }, () => 1);
      expect(desk.signal.aborted).toBe(false);
      await agents.traceToolCall(desk, "search", { query: "a", page: 1 }, () => 1);
      return desk;
    });

    expect(violations).toEqual([
      {
        reason: "identical_tool_calls",
        outcome: "loop_detected",
        limit: 2,
        actual: 3,
        runId: span.runId,
        agentName: "desk",
        subject: "search",
      },
    ]);
    expect(span.signal.reason).toMatchObject({ code: "AGENT_LOOP_DETECTED" });
    expect(span.outcome).toBe("loop_detected");
  });

  test("of hand-offs between two agents is found", () => {
    const { agents } = startAgents({ budget: { maximumAlternatingHandoffs: 3, action: "abort" } });
    const root = agents.startAgentSpan("run", { agentName: "desk", childOf: null });
    const spans = ["sales", "support"].map((agentName) =>
      agents.startAgentSpan("run", { agentName, parentAgentSpan: root }),
    );
    const handOff = (from: number, to: number) =>
      agents.linkAgentSpans(spans[from] as AgentSpan, spans[to] as AgentSpan);

    handOff(0, 1);
    handOff(1, 0);
    agents.linkAgentSpans(spans[0] as AgentSpan, root);
    handOff(0, 1);
    handOff(1, 0);
    handOff(0, 1);
    expect(root.signal.aborted).toBe(false);
    handOff(1, 0);

    expect(root.signal.reason).toMatchObject({
      violation: {
        reason: "alternating_handoffs",
        agentName: "support",
        subject: "sales",
        actual: 4,
      },
    });
    for (const span of [...spans, root]) span.finish();
    expect(root.outcome).toBe("loop_detected");
    expect(spans.map(({ outcome }) => outcome)).toEqual(["handed_off", "handed_off"]);
  });

  test("is not seen in 300 different calls, nor in arguments too large to compare", async () => {
    const { agents } = startAgents({ budget: { maximumIdenticalToolCalls: 1 } });
    const span = agents.startAgentSpan("run", { agentName: "desk", childOf: null });
    const large = { text: "x".repeat(100_000) };
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;

    for (let call = 0; call < 300; call += 1) await agents.traceToolCall(span, "a", call, () => 1);
    for (const input of [large, large, cycle, cycle])
      await agents.traceToolCall(span, "a", input, () => 1);

    expect(span.summary().violations).toEqual([]);
    span.finish();
  });
});

describe("the outcome", () => {
  const abort = () => {
    const error = new Error("stop");
    error.name = "AbortError";
    return error;
  };

  test.each<[string, (span: AgentSpan) => unknown]>([
    ["completed", () => {}],
    ["failed", () => Promise.reject(new Error("no"))],
    ["cancelled", () => Promise.reject(abort())],
    ["handed_off", (span) => span.setOutcome("handed_off")],
  ])("is %s", async (outcome, act) => {
    const { agents, metrics } = startAgents();
    let agent: AgentSpan | undefined;

    await agents
      .traceAgent({ agentName: "desk" }, async (span) => {
        agent = span;
        await act(span);
      })
      .catch(() => {});

    expect(agent?.outcome).toBe(outcome);
    expect(agent?.getTag("agent.outcome")).toBe(outcome);
    expect(metrics.named("agent.run.count")[0]?.tags).toEqual({ agent: "desk", outcome });
  });

  test("is cancelled when the application's signal was aborted, for sub-agents too", async () => {
    const { agents } = startAgents();
    const controller = new AbortController();
    const outcomes: (string | undefined)[] = [];

    const run = agents.traceAgent({ agentName: "desk", signal: controller.signal }, (desk) =>
      agents
        .traceAgent({ agentName: "writer", parentAgentSpan: desk }, async (writer) => {
          controller.abort(new Error("the customer has left"));
          expect(writer.signal.aborted).toBe(true);
          try {
            writer.signal.throwIfAborted();
          } finally {
            queueMicrotask(() => queueMicrotask(() => outcomes.push(writer.outcome)));
          }
        })
        .finally(() => outcomes.push(desk.outcome)),
    );

    await expect(run).rejects.toThrow("the customer has left");
    expect(outcomes).toContain("cancelled");
  });

  test("that is none is counted, and so is one after the end", () => {
    const { agents, faults } = startAgents();
    const span = agents.startAgentSpan("run", { agentName: "desk" });

    span.setOutcome("great" as never);
    span.finish();
    span.setOutcome("failed");

    expect(span.outcome).toBe("completed");
    expect(faults()).toEqual({ agent_outcome_invalid: 1, span_changed_after_finish: 1 });
  });
});
