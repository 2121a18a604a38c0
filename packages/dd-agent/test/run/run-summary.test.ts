import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AgentSpan, WorkSummary } from "../../src/index.ts";
import { startAgents } from "../agents-fixture.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the summary of a run", () => {
  test("adds up models, tools, waits, errors and retries of all its agents", async () => {
    const { agents } = startAgents();
    let researcher: AgentSpan | undefined;

    const desk = await agents.traceAgent({ agentName: "desk" }, async (span) => {
      span.recordModelCall({
        model: "m",
        inputTokens: 100,
        outputTokens: 20,
        costUsd: 0.001,
        durationMs: 0,
      });
      await agents.traceAgent({ agentName: "researcher" }, async (child) => {
        researcher = child;
        vi.advanceTimersByTime(30);
        child.recordModelCall({ inputTokens: 50, outputTokens: 5, durationMs: 30, retries: 2 });
        child.recordModelCall({ failed: true });
        await agents.traceToolCall(child, "search", {}, (tool) => {
          vi.advanceTimersByTime(20);
          tool.setCached().setRetries(1);
        });
        await agents
          .traceToolCall(child, "search", {}, () => Promise.reject(new Error("no")))
          .catch(() => {});
      });
      await agents.traceWait(span, "approval", async () => vi.advanceTimersByTime(1_000));
      return span;
    });

    const summary = desk.summary();
    expect(summary).toMatchObject({
      runId: desk.runId,
      outcome: "completed",
      agents: 2,
      failedAgents: 0,
      steps: 3,
      toolCalls: 2,
      toolErrors: 1,
      cachedToolCalls: 1,
      modelCalls: 3,
      modelErrors: 1,
      unpricedModelCalls: 1,
      inputTokens: 150,
      outputTokens: 25,
      totalTokens: 175,
      costUsd: 0.001,
      errors: 2,
      retries: 3,
      modelMs: 30,
      toolMs: 20,
      waitMs: 1_000,
      agentMs: 1_100,
      durationMs: 1_050,
      activeMs: 50,
      violations: [],
      omittedActivities: 0,
    });
    expect(summary.criticalPath).toEqual([
      { kind: "model", name: "model call", agent: "researcher", durationMs: 30 },
      { kind: "tool", name: "search", agent: "researcher", durationMs: 20 },
      { kind: "wait", name: "approval", agent: "desk", durationMs: 1_000 },
    ]);
    expect(summary.byAgent["researcher"]).toMatchObject({
      agents: 1,
      toolCalls: 2,
      totalTokens: 55,
    });
    // Any agent of the run tells of the whole of it.
    expect(researcher?.summary()).toEqual(summary);
  });

  test("stands on the outermost span and in its metrics, and nowhere else", () => {
    const { agents, metrics } = startAgents();

    const [desk, child] = agents.traceAgent({ agentName: "desk" }, (span) => [
      span,
      agents.traceAgent({ agentName: "writer" }, (writer) =>
        writer.recordModelCall({ inputTokens: 7, outputTokens: 3, costUsd: 0.25 }),
      ),
    ]);

    expect(desk?.getTag("agent.run.agents")).toBe(2);
    expect(desk?.getTag("agent.run.model_calls")).toBe(1);
    expect(desk?.getTag("agent.run.input_tokens")).toBe(7);
    expect(desk?.getTag("agent.run.output_tokens")).toBe(3);
    expect(desk?.getTag("agent.run.cost_usd")).toBe(0.25);
    expect(desk?.getTag("agent.run.errors")).toBeUndefined();
    expect(child?.getTag("agent.run.agents")).toBeUndefined();
    expect(metrics.named("agent.run.tokens").map(({ value, tags }) => [value, tags])).toEqual([
      [10, { agent: "desk" }],
    ]);
    expect(metrics.named("agent.run.cost").map(({ value }) => value)).toEqual([0.25]);
  });

  test("of a run that goes on holds what is so far", () => {
    const { agents } = startAgents();
    const span = agents.startAgentSpan("run", { agentName: "desk" });
    vi.advanceTimersByTime(40);

    expect(span.summary()).toMatchObject({ outcome: undefined, durationMs: 40, agents: 0 });

    span.finish();
    expect(span.summary()).toMatchObject({ outcome: "completed", durationMs: 40, agents: 1 });
  });

  test("a wait holds up the parent only as far as nothing else goes on", async () => {
    const { agents, metrics } = startAgents();
    const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

    const run = agents.traceAgent({ agentName: "desk" }, async (desk) => {
      const waits = agents.traceWait(desk, "approval", () => sleep(100));
      const works = agents.traceAgent({ agentName: "researcher", parentAgentSpan: desk }, () =>
        sleep(300),
      );
      await Promise.all([waits, works]);
      await agents.traceWait(desk, "approval", () => sleep(50));
      return desk;
    });
    await vi.advanceTimersByTimeAsync(400);
    const desk = await run;

    expect(desk.summary()).toMatchObject({ durationMs: 350, activeMs: 300, waitMs: 150 });
    expect(desk.getTag("agent.active_ms")).toBe(300);
    expect(metrics.named("agent.wait.duration").map(({ value }) => value)).toEqual([100, 50]);
  });

  test("counts numbers that are none as absent", () => {
    const { agents } = startAgents();
    const span = agents.startAgentSpan("run", { agentName: "desk" });

    for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY, "7", null, 1e300]) {
      const value = bad as number;
      span.recordModelCall({
        inputTokens: value,
        outputTokens: value,
        costUsd: value,
        durationMs: value,
        retries: value,
      });
    }
    span.recordModelCall(null as never);
    span.finish();

    expect(span.summary()).toMatchObject({
      modelCalls: 6,
      unpricedModelCalls: 6,
      totalTokens: 0,
      costUsd: 0,
      modelMs: 0,
      retries: 0,
    });
  });

  test("keeps 2,000 activities for the critical path, and counts all", () => {
    const { agents } = startAgents();

    const span = agents.traceAgent({ agentName: "desk" }, (desk) => {
      for (let step = 0; step < 2_500; step += 1) {
        agents.traceAgentStep(desk, "step", () => vi.advanceTimersByTime(1));
      }
      return desk;
    });

    const summary = span.summary();
    expect(summary).toMatchObject({ steps: 2_500, durationMs: 2_500, omittedActivities: 501 });
    expect(summary.criticalPath).toHaveLength(2_000);
    expect(summary.criticalPath.at(-1)).toEqual({
      kind: "agent",
      name: "desk",
      agent: "desk",
      durationMs: 501,
    });
  });
});

interface Work {
  readonly kind: "agent" | "step" | "tool" | "model" | "wait";
  readonly name: string;
  readonly ms: number;
  readonly fails: boolean;
  readonly inParallel: boolean;
  readonly inside: readonly Work[];
}

const { work } = fc.letrec<{ work: Work }>((tie) => ({
  work: fc.record({
    kind: fc.constantFrom("agent", "step", "tool", "model", "wait"),
    name: fc.constantFrom("a", "b", "__proto__", "constructor"),
    ms: fc.integer({ min: 0, max: 50 }),
    fails: fc.boolean(),
    inParallel: fc.boolean(),
    inside: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie("work"), { maxLength: 4 })),
  }),
}));

test("the summary of any run is the sum of its agents, and its critical path is as long as it is", async () => {
  const { agents } = startAgents();
  const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
  const perform = async (agent: AgentSpan, item: Work): Promise<void> => {
    const { kind, name, ms, fails } = item;
    const body = async (owner: AgentSpan): Promise<void> => {
      await sleep(ms);
      const started = item.inside.map((inner) => () => perform(owner, inner));
      if (item.inParallel) await Promise.all(started.map((start) => start()));
      else for (const start of started) await start();
      if (fails) throw new Error("planned");
    };
    const run = (): unknown => {
      if (kind === "agent")
        return agents.traceAgent({ agentName: name, parentAgentSpan: agent }, body);
      if (kind === "tool") return agents.traceToolCall(agent, name, ms, () => body(agent));
      if (kind === "step") return agents.traceAgentStep(agent, name, () => body(agent));
      if (kind === "wait") return agents.traceWait(agent, name, () => body(agent));
      agent.recordModelCall({
        inputTokens: ms,
        outputTokens: 1,
        costUsd: ms / 7e6,
        durationMs: ms,
        failed: fails,
      });
      return undefined;
    };
    await Promise.resolve(run()).catch(() => {});
  };
  await fc.assert(
    fc.asyncProperty(work, async (item) => {
      const root = agents.startAgentSpan("run", { agentName: "root", childOf: null });
      const done = perform(root, item);
      await vi.runAllTimersAsync();
      await done;
      root.finish();

      const { byAgent, criticalPath, durationMs, activeMs, ...total } = root.summary();

      const parts = Object.values(byAgent);
      for (const field of Object.keys(parts[0] ?? {}) as (keyof WorkSummary)[]) {
        expect(parts.reduce((sum, part) => sum + part[field], 0)).toBeCloseTo(total[field], 6);
      }
      const pathMs = criticalPath.reduce((sum, segment) => sum + segment.durationMs, 0);
      expect(pathMs).toBeCloseTo(durationMs, 6);
      const waitMs = criticalPath.reduce(
        (sum, { kind, durationMs: ms }) => (kind === "wait" ? sum + ms : sum),
        0,
      );
      expect(activeMs).toBeCloseTo(durationMs - waitMs, 6);
      const shown = criticalPath.slice(0, 20).map(({ name }) => name);
      expect(root.getTag("agent.run.critical_path")).toBe(shown.join(" > "));
    }),
    { numRuns: 150 },
  );
});
