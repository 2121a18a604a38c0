import { afterEach, describe, expect, test, vi } from "vitest";
import type { ToolCallSpan } from "../src/index.ts";
import { type AgentsFixture, startAgents } from "./agents-fixture.ts";

afterEach(() => {
  vi.useRealTimers();
});

async function callTool(
  fixture: AgentsFixture,
  input: unknown,
  fn: (span: ToolCallSpan) => unknown,
): Promise<{ span: ToolCallSpan; outcome: PromiseSettledResult<unknown> }> {
  const agent = fixture.agents.startAgentSpan("run", { agentName: "desk" });
  const spans: ToolCallSpan[] = [];
  const [outcome] = await Promise.allSettled([
    fixture.agents.traceToolCall(agent, "search", input, (span) => {
      spans.push(span);
      return fn(span);
    }),
  ]);
  agent.finish();
  const [span] = spans;
  if (span === undefined) throw new Error("the tool was not called");
  return { span, outcome };
}

describe("a tool call", () => {
  test("is a span with the tool's name, sizes and success", async () => {
    const { span, outcome } = await callTool(startAgents(), { q: "ab" }, async () => [1, 2]);

    expect(outcome).toEqual({ status: "fulfilled", value: [1, 2] });
    expect(span.name).toBe("tool.search");
    expect(span.finished).toBe(true);
    const tags = {
      "resource.name": "search",
      "span.type": "tool",
      "span.kind": "internal",
      "manual.keep": true,
      "agent.name": "desk",
      "agent.tool": "search",
      "agent.step": 1,
      "tool.input_size": 11,
      "tool.output_size": 6,
      "tool.success": true,
      "tool.cached": false,
      "tool.retries": undefined,
      error: undefined,
    };
    for (const [key, value] of Object.entries(tags))
      expect([key, span.getTag(key)]).toEqual([key, value]);
    expect(String(span.getTag("agent.run_id"))).toHaveLength(36);
  });

  test("of a synchronous tool gives a promise too", async () => {
    const { outcome } = await callTool(startAgents(), "q", () => "found");

    expect(outcome).toEqual({ status: "fulfilled", value: "found" });
  });

  test("is active while the tool runs", async () => {
    const fixture = startAgents();

    const { span, outcome } = await callTool(fixture, "q", async () => {
      await Promise.resolve();
      return fixture.tracing.getCurrentSpan()?.spanId;
    });

    expect(outcome).toEqual({ status: "fulfilled", value: span.spanId });
  });

  test.each<[string, unknown]>([
    ["an error", new TypeError("no index")],
    ["text", "no index"],
    ["nothing", undefined],
  ])("that throws %s records it and throws it on as it is", async (_title, thrown) => {
    for (const fail of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      const fixture = startAgents();

      const { span, outcome } = await callTool(fixture, "q", fail);

      expect(outcome).toEqual({ status: "rejected", reason: thrown });
      if (outcome.status === "rejected") expect(outcome.reason).toBe(thrown);
      expect(span.getTag("error")).toBe(true);
      expect(span.getTag("tool.success")).toBe(false);
      expect(span.getTag("tool.output_size")).toBeUndefined();
      expect(span.finished).toBe(true);
    }
  });

  test("that succeeds is counted and measured", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const fixture = startAgents();

    await callTool(fixture, "q", async () => {
      await Promise.resolve();
      vi.advanceTimersByTime(120);
    });

    const tags = { agent: "desk", tool: "search", cached: false };
    expect(fixture.metrics.records.filter(({ name }) => name.startsWith("agent.tool."))).toEqual([
      { type: "distribution", name: "agent.tool.duration", value: 120, tags },
      { type: "increment", name: "agent.tool.calls", value: 1, tags: { ...tags, success: true } },
    ]);
  });

  test("that fails is counted as an error as well", async () => {
    const fixture = startAgents();

    await callTool(fixture, "q", () => Promise.reject(new Error("no index")));

    const tags = { agent: "desk", tool: "search", cached: false };
    expect(fixture.metrics.named("agent.tool.calls")[0]?.tags).toEqual({ ...tags, success: false });
    expect(fixture.metrics.named("agent.tool.error")).toEqual([
      { type: "increment", name: "agent.tool.error", value: 1, tags },
    ]);
  });

  test("reports a cached answer and retries", async () => {
    const fixture = startAgents();

    const { span } = await callTool(fixture, "q", (tool) => tool.setCached().setRetries(2) && 1);

    expect(span.getTag("tool.cached")).toBe(true);
    expect(span.getTag("tool.retries")).toBe(2);
    expect(fixture.metrics.named("agent.tool.calls")[0]?.tags["cached"]).toBe(true);
  });

  test("may take back that it was cached", async () => {
    const fixture = startAgents();

    const { span } = await callTool(fixture, "q", (tool) => {
      tool.setCached();
      tool.setCached("yes" as unknown as boolean);
    });

    expect(span.getTag("tool.cached")).toBe(false);
    expect(fixture.metrics.named("agent.tool.calls")[0]?.tags["cached"]).toBe(false);
  });

  test("whose span the tool ends itself is counted all the same", async () => {
    const fixture = startAgents();

    const { outcome } = await callTool(fixture, "q", (tool) => {
      tool.finish();
      return 1;
    });

    expect(outcome).toEqual({ status: "fulfilled", value: 1 });
    expect(fixture.metrics.named("agent.tool.calls")).toHaveLength(1);
  });
});

describe("a tool call that the caller finishes", () => {
  test("counts once as the agent's, with what it took and returned", () => {
    const fixture = startAgents();
    const agent = fixture.agents.startAgentSpan("run", { agentName: "desk" });

    const tool = fixture.agents.startToolCall(agent, "search", "ab").setOutput("abcd");
    expect(agent.summary().toolCalls).toBe(1);
    tool.finish();
    tool.finish();
    agent.finish();

    expect(tool.getTag("tool.success")).toBe(true);
    expect(tool.getTag("tool.output_size")).toBe(6);
    expect(fixture.metrics.named("agent.tool.calls").map(({ tags }) => tags)).toEqual([
      { agent: "desk", tool: "search", cached: false, success: true },
    ]);
    expect(agent.summary().toolErrors).toBe(0);
  });

  test("has failed with its error", () => {
    const fixture = startAgents();
    const agent = fixture.agents.startAgentSpan("run", { agentName: "desk" });

    const tool = fixture.agents.startToolCall(agent, "search", {});
    tool.setError(new Error("gone")).finish();
    agent.finish();

    expect(tool.getTag("tool.success")).toBe(false);
    expect(fixture.metrics.named("agent.tool.error")).toHaveLength(1);
    expect(agent.summary().toolErrors).toBe(1);
  });
});

describe("content", () => {
  test("is kept out by default", async () => {
    const { tracing } = startAgents();
    const annotate = vi.spyOn(tracing, "annotate");
    const fixture = startAgents();

    await callTool(fixture, "input", () => "output");
    fixture.agents.traceAgent({ agentName: "desk" }, (agent) => agent.setInput("i").setOutput("o"));

    expect(annotate).not.toHaveBeenCalled();
    annotate.mockRestore();
  });

  test("of agents and tools is recorded where that is asked for, of a failing tool its input", async () => {
    const { tracing } = startAgents();
    const annotate = vi.spyOn(tracing, "annotate");
    const fixture = startAgents({ recordContent: true });

    await callTool(fixture, "input", () => "output");
    await callTool(fixture, "second", () => Promise.reject(new Error("no")));
    fixture.agents.traceAgent({ agentName: "desk" }, (agent) => agent.setInput("i").setOutput("o"));

    expect(annotate.mock.calls.map(([, annotation]) => annotation)).toEqual([
      { inputData: "input" },
      { outputData: "output" },
      { inputData: "second" },
      { inputData: "i" },
      { outputData: "o" },
    ]);
    annotate.mockRestore();
  });
});
