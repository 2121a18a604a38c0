import { describe, expect, test } from "vitest";
import type { AgentSpan, AgentSpanOptions } from "../src/index.ts";
import { startAgents } from "./agents-fixture.ts";

const refusing = new Proxy(
  {},
  {
    get: () => {
      throw new Error("no");
    },
    has: () => {
      throw new Error("no");
    },
  },
);
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const noAgents = [
  undefined,
  null,
  7,
  "agent",
  {},
  { agentName: "a" },
  { agentName: "a", runId: "r" },
  { spanId: "1" },
  refusing,
];

describe("without an agent span", () => {
  test.each(noAgents.map((value) => [value]))("steps and tools still run (%#)", async (value) => {
    const { agents, metrics, faults } = startAgents();
    const agentSpan = value as AgentSpan;

    expect(agents.traceAgentStep(agentSpan, "plan", () => 7)).toBe(7);
    expect(await agents.traceToolCall(agentSpan, "search", {}, () => 8)).toBe(8);

    expect(faults()).toEqual({ agent_span_invalid: 2 });
    expect(metrics.named("agent.step.duration")[0]?.tags).toEqual({ agent: "unknown" });
    expect(metrics.named("agent.tool.calls")[0]?.tags).toMatchObject({ agent: "unknown" });
  });

  test.each(noAgents.map((value) => [value]))(
    "a tool call is started all the same (%#)",
    (value) => {
      const { agents, faults } = startAgents();

      agents.startToolCall(value as AgentSpan, "search").finish();

      expect(faults()).toEqual({ agent_span_invalid: 1 });
    },
  );

  test.each(noAgents.map((value) => [value]))("there is no lineage and no link (%#)", (value) => {
    const { agents, metrics, faults } = startAgents();
    const agent = agents.startAgentSpan("run", { agentName: "desk" });

    expect(agents.getAgentLineage(value as AgentSpan)).toEqual([]);
    agents.linkAgentSpans(value as AgentSpan, agent);

    expect(faults()).toEqual({ agent_link_invalid: 1 });
    expect(metrics.named("agent.handoff")).toEqual([]);
    agent.finish();
  });

  test("a parent that is none starts a run of its own", () => {
    const { agents } = startAgents();
    const parentAgentSpan = 7 as unknown as AgentSpan;

    const span = agents.startAgentSpan("run", { agentName: "desk", parentAgentSpan });

    expect(agents.getAgentLineage(span)).toEqual(["desk"]);
    span.finish();
  });
});

test("a revoked proxy is no agent span, and nothing throws", async () => {
  const { agents, faults } = startAgents();
  const agentSpan = revoked as AgentSpan;

  agents.startAgentSpan("run", { agentName: "desk", parentAgentSpan: agentSpan }).finish();
  agents.startToolCall(agentSpan, "search").finish();
  agents.linkAgentSpans(agentSpan, agentSpan);

  expect(agents.traceAgentStep(agentSpan, "plan", () => 7)).toBe(7);
  expect(await agents.traceToolCall(agentSpan, "search", {}, () => 8)).toBe(8);
  expect(agents.getAgentLineage(agentSpan)).toEqual([]);
  expect(faults()).toMatchObject({ agent_span_invalid: 3, agent_link_invalid: 1 });
});

describe("without a function", () => {
  test.each([undefined, null, "run", {}].map((value) => [value]))(
    "nothing is run and nothing thrown, and that is counted (%#)",
    async (value) => {
      const { agents, metrics, faults } = startAgents();
      const agent = agents.startAgentSpan("run", { agentName: "desk" });
      const fn = value as () => void;

      expect(agents.traceAgent({ agentName: "desk" }, fn)).toBeUndefined();
      expect(agents.traceAgentStep(agent, "plan", fn)).toBeUndefined();
      expect(agents.traceWait(agent, "approval", fn)).toBeUndefined();
      expect(await agents.traceToolCall(agent, "search", {}, fn)).toBeUndefined();

      expect(faults()).toEqual({ call_without_function: 4 });
      expect(metrics.named("agent.tool.calls")).toEqual([]);
      agent.finish();
    },
  );
});

describe("options that are none", () => {
  test.each([undefined, null, refusing].map((value) => [value]))(
    "make an agent without a name, and its function runs (%#)",
    (value) => {
      const { agents, faults } = startAgents();
      const options = value as unknown as AgentSpanOptions;

      expect(agents.traceAgent(options, (span) => [span.name, span.agentName])).toEqual([
        "agent.run",
        "unknown",
      ]);
      const span = agents.startAgentSpan("own", options);

      expect([span.name, span.agentName]).toEqual(["own", "unknown"]);
      expect(faults()).toEqual({ agent_options_unreadable: 2 });
      span.finish();
    },
  );

  test("names that are no text are replaced", async () => {
    const { agents } = startAgents();
    const nameless = Symbol("name") as unknown as string;
    const span = agents.startAgentSpan(nameless, {
      agentName: nameless,
      runId: nameless,
      sessionId: nameless,
      collaboratingAgents: nameless as unknown as string[],
    });

    expect([span.name, span.agentName, span.runId.length]).toEqual(["agent.run", "unknown", 36]);
    expect(agents.traceAgentStep(span, nameless, ({ name }) => name)).toBe("agent.step");
    expect(await agents.traceToolCall(span, nameless, {}, ({ name }) => name)).toBe("tool.unknown");
    span.finish();
  });

  test("a link whose other end refuses is counted, and so is one to nothing", () => {
    const { agents, faults, metrics } = startAgents();
    const agent = agents.startAgentSpan("run", { agentName: "desk" });

    agents.linkAgentSpans(agent, null as unknown as AgentSpan);
    agents.linkAgentSpans(agent, "span" as unknown as AgentSpan);
    agents.linkAgentSpans(agent, refusing as AgentSpan);
    agents.linkAgentSpans(agent, agent, null as never);

    expect(faults()["agent_link_invalid"]).toBe(3);
    expect(metrics.named("agent.handoff")).toHaveLength(2);
    agent.finish();
  });
});

describe("an origin that is none", () => {
  test.each([7, "context", {}, refusing].map((value) => [value]))(
    "starts a run of its own under its own name (%#)",
    (value) => {
      const { agents } = startAgents();

      for (const origin of [{ childOf: value }, { handoffFrom: value }]) {
        const span = agents.startAgentSpan("run", {
          ...(origin as object),
          agentName: "desk",
        });

        expect(span.agentName).toBe("desk");
        expect(agents.getAgentLineage(span)).toEqual(["desk"]);
        span.finish();
      }
    },
  );
});
