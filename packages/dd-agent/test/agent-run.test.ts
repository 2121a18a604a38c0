import type { Span } from "@llmdevops/dd-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AgentSpan } from "../src/index.ts";
import { startAgents } from "./agents-fixture.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("an agent's run", () => {
  test("is a span with the agent's name, type and run", () => {
    const { agents } = startAgents();

    const span = agents.startAgentSpan("ticket.handle", { agentName: "desk", agentType: "router" });

    expect(span.name).toBe("ticket.handle");
    expect(span.agentName).toBe("desk");
    expect(span.runId).toMatch(uuid);
    expect(span.getTag("resource.name")).toBe("desk");
    expect(span.getTag("span.type")).toBe("agent");
    expect(span.getTag("span.kind")).toBe("internal");
    expect(span.getTag("manual.keep")).toBe(true);
    expect(span.getTag("agent.name")).toBe("desk");
    expect(span.getTag("agent.type")).toBe("router");
    expect(span.getTag("agent.run_id")).toBe(span.runId);
    for (const absent of ["agent.parent", "agent.parent_span_id", "agent.collaborators"]) {
      expect(span.getTag(absent)).toBeUndefined();
    }
    span.finish();
  });

  test("returns what its function returns, synchronously or not, and is called agent.run", async () => {
    const { agents } = startAgents();

    expect(agents.traceAgent({ agentName: "a" }, (span) => span.name)).toBe("agent.run");
    expect(await agents.traceAgent({ agentName: "a", name: "own" }, async ({ name }) => name)).toBe(
      "own",
    );
  });

  test("is counted and measured once, however it ends", async () => {
    const { agents, metrics } = startAgents();
    const span = await agents.traceAgent({ agentName: "desk" }, async (agent) => {
      agents.traceAgentStep(agent, "plan", () => {});
      await agents.traceToolCall(agent, "search", {}, () => 1);
      vi.advanceTimersByTime(250);
      return agent;
    });

    span.finish();

    const runs = metrics.records.filter(({ name }) => name.startsWith("agent.run."));
    expect(runs).toEqual([
      {
        type: "increment",
        name: "agent.run.count",
        value: 1,
        tags: { agent: "desk", outcome: "completed" },
      },
      { type: "distribution", name: "agent.run.duration", value: 250, tags: { agent: "desk" } },
      {
        type: "distribution",
        name: "agent.run.active_duration",
        value: 250,
        tags: { agent: "desk" },
      },
      { type: "distribution", name: "agent.run.steps", value: 2, tags: { agent: "desk" } },
      { type: "distribution", name: "agent.run.tool_duration", value: 0, tags: { agent: "desk" } },
    ]);
    expect(span.getTag("agent.steps")).toBe(2);
    expect(span.finished).toBe(true);
  });

  test("that fails throws on what was thrown, records it and is counted as an error", async () => {
    const { agents, metrics } = startAgents();
    const failure = new TypeError("no such ticket");
    let span: AgentSpan | undefined;

    const run = agents.traceAgent({ agentName: "desk" }, async (agent) => {
      span = agent;
      throw failure;
    });

    await expect(run).rejects.toBe(failure);
    expect(span?.getTag("error.type")).toBe("TypeError");
    expect(span?.getTag("error.message")).toBe("no such ticket");
    expect(metrics.named("agent.run.error")).toEqual([
      { type: "increment", name: "agent.run.error", value: 1, tags: { agent: "desk" } },
    ]);
    expect(() =>
      agents.traceAgent({ agentName: "desk" }, () => {
        throw failure;
      }),
    ).toThrow(failure);
    expect(metrics.named("agent.run.error")).toHaveLength(2);
  });

  test.each<[string, (span: Span) => unknown, number]>([
    ["an error that was handled", (span) => span.setError(new Error("x"), { handled: true }), 0],
    ["the tag error=false", (span) => span.setTag("error", false), 0],
    ["the tag error=0", (span) => span.setTag("error", 0), 0],
    ["the tag error=true", (span) => span.setTag("error", true), 1],
    ["the tag error=1", (span) => span.setTag("error", 1), 1],
    ['the tag error="true"', (span) => span.setTag("error", "true"), 1],
  ])("with %s counts as an error or not", (_title, act, errors) => {
    const { agents, metrics } = startAgents();

    agents.traceAgent({ agentName: "desk" }, (span) => void act(span));

    expect(metrics.named("agent.run.error")).toHaveLength(errors);
  });

  test("names its collaborators and counts each", () => {
    const { agents, metrics } = startAgents();
    const collaboratingAgents = ["writer", "", 7 as unknown as string, "router"];

    const span = agents.startAgentSpan("run", { agentName: "desk", collaboratingAgents });

    expect(span.getTag("agent.collaborators")).toBe("writer,router");
    expect(metrics.named("agent.collaboration").map(({ tags }) => tags)).toEqual([
      { from_agent: "desk", to_agent: "writer" },
      { from_agent: "desk", to_agent: "router" },
    ]);
    expect(collaboratingAgents).toEqual(["writer", "", 7, "router"]);
    span.finish();
  });

  test("has at most 64 collaborators, with names of at most 200 characters", () => {
    const { agents, metrics } = startAgents();
    const collaboratingAgents = Array.from({ length: 1_000 }, () => "x".repeat(500));

    agents.startAgentSpan("run", { agentName: "a".repeat(500), collaboratingAgents }).finish();

    expect(metrics.named("agent.collaboration").map(({ tags }) => tags)).toEqual(
      Array(64).fill({ from_agent: "a".repeat(200), to_agent: "x".repeat(200) }),
    );
  });

  test("keeps the caller's tags, but not those that pass for its own", () => {
    const { agents } = startAgents();
    const tags = { "ticket.id": "T-1", "agent.name": "impostor", password: "hunter2" };

    const span = agents.startAgentSpan("run", { agentName: "desk", tags });

    expect(span.getTag("ticket.id")).toBe("T-1");
    expect(span.getTag("agent.name")).toBe("desk");
    expect(String(span.getTag("password"))).not.toContain("hunter2");
    expect(tags).toEqual({ "ticket.id": "T-1", "agent.name": "impostor", password: "hunter2" });
    span.finish();
  });

  test("never puts an id into a metric's tags", async () => {
    const { agents, metrics } = startAgents();

    await agents.traceAgent(
      { agentName: "desk", sessionId: "session-1", runId: "run-1", collaboratingAgents: ["b"] },
      async (agent) => {
        agents.traceAgentStep(agent, "plan", () => {});
        await agents.traceToolCall(agent, "search", "q", () => 1);
        await agents.traceToolCall(agent, "search", "q", () => Promise.reject(1)).catch(() => {});
        agents.linkAgentSpans(agent, agent);
      },
    );

    const keys = new Set(metrics.records.flatMap(({ tags }) => Object.keys(tags)));
    expect([...keys].sort()).toEqual([
      "agent",
      "cached",
      "from_agent",
      "outcome",
      "success",
      "to_agent",
      "tool",
    ]);
    expect(JSON.stringify(metrics.records)).not.toMatch(/session-1|run-1/);
  });

  test("sends durations as histograms where that is asked for", async () => {
    const { agents, metrics } = startAgents({ durationMetricType: "histogram" });

    await agents.traceAgent({ agentName: "desk" }, async (agent) => {
      agents.traceAgentStep(agent, "plan", () => {});
      await agents.traceToolCall(agent, "search", "q", () => 1);
    });

    const durations = metrics.records.filter(({ name }) => name.endsWith(".duration"));
    expect(durations.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "histogram agent.step.duration",
      "histogram agent.tool.duration",
      "histogram agent.run.duration",
    ]);
  });

  test("that is used after its end still runs steps and tools, and changes no more", async () => {
    const { agents, metrics, faults } = startAgents();
    const span = agents.startAgentSpan("run", { agentName: "desk" });
    span.finish();

    expect(agents.traceAgentStep(span, "late", () => 7)).toBe(7);
    expect(await agents.traceToolCall(span, "late", {}, () => 8)).toBe(8);
    span.setInput("x").setOutput("y").setTag("late", true);
    span.finish();

    expect(span.getTag("late")).toBeUndefined();
    expect(span.getTag("agent.steps")).toBe(0);
    expect(metrics.named("agent.run.count")).toHaveLength(1);
    expect(faults()).toEqual({ span_changed_after_finish: 1, span_finished_twice: 1 });
  });
});

describe("a sink of metrics that throws", () => {
  test("neither disturbs the agent nor stays unnoticed", async () => {
    const refuse = (): never => {
      throw new Error("sink");
    };
    const metrics = { increment: refuse, gauge: refuse, histogram: refuse, distribution: refuse };
    const { agents, faults } = startAgents({ metrics });

    const answer = await agents.traceAgent(
      { agentName: "desk", collaboratingAgents: ["writer"] },
      async (agent) => {
        agents.linkAgentSpans(agent, agent);
        agents.traceAgentStep(agent, "plan", () => {});
        return agents.traceToolCall(agent, "search", {}, () => "found");
      },
    );

    expect(answer).toBe("found");
    // collaboration, handoff, step, tool (2), run (4), time in tools
    expect(faults()).toEqual({ metrics_sink_threw: 10 });
  });
});
