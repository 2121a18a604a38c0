import { createTracing, silentLogger, type Tracing } from "@llmdevops/dd-core";
import { createLLM, type LLM } from "@llmdevops/dd-llm";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

const maximumEventBytes = 5 * 1024 * 1024;
const model = { provider: "openai", model: "gpt-4o" } as const;

let agent: TestAgent;
let tracing: Tracing;
let llm: LLM;

beforeAll(async () => {
  agent = await startTestAgent();
  tracing = createTracing({
    service: "limits",
    agent: { url: agent.url },
    llmobs: { enabled: true, mlApp: "assistant" },
    // Room for a machine that others use too.
    flushTimeoutMs: 25_000,
    logger: silentLogger,
  });
  llm = createLLM({ tracing, content: { mode: "full" } });
});

afterEach(async () => {
  await tracing.flush();
  agent.clear();
});

afterAll(async () => {
  await tracing.shutdown();
  await agent.stop();
});

function fault(reason: string): number {
  return tracing.diagnostics.counts()[reason] ?? 0;
}

describe("size", () => {
  test("a conversation of 12 MB arrives below 5 MiB, with its newest messages and its answer", async () => {
    const messages = Array.from({ length: 600 }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: `message ${index} ${"lorem ipsum ".repeat(1_667)}`,
    }));

    llm.traceLLM(model, (span) => {
      span
        .setInput({ messages })
        .setOutput("the answer")
        .setUsage({ inputTokens: 5, outputTokens: 2 });
    });
    await tracing.flush();
    await agent.waitFor({ llmobsSpans: 1 });

    const [span] = agent.llmobsSpans();
    const event = JSON.stringify(span?.event);
    expect(Buffer.byteLength(event)).toBeLessThan(maximumEventBytes);
    expect(event).toContain("message 599 ");
    expect(event).not.toContain("message 0 ");
    expect(event).toContain("the answer");
    expect(event).toMatch(/\d+ earlier messages left out/);
    expect(event).not.toContain("dropped_io");
  });

  test("huge metadata, prompts, tools and foreign input are cut, not dropped", async () => {
    const before = fault("llmobs_data_truncated");
    const span = llm.startLLMSpan("llm.request", {
      ...model,
      prompt: {
        id: "p",
        version: "3",
        template: "{q}",
        variables: { q: "é".repeat(300_000), r: "€".repeat(200_000) },
      },
      toolDefinitions: Array.from({ length: 200 }, (_, index) => ({
        name: `tool-${index}`,
        schema: { description: "x".repeat(5_000) },
      })),
    });
    tracing.annotate(span, {
      inputData: Array.from({ length: 5_000 }, () => ({
        role: "user",
        content: "\u0001".repeat(1_000),
      })),
      metadata: { huge: "m".repeat(900_000) },
    });
    span.finish();
    await tracing.flush();
    await agent.waitFor({ llmobsSpans: 1 });

    const event = JSON.stringify(agent.llmobsSpans()[0]?.event);
    expect(Buffer.byteLength(event)).toBeLessThan(maximumEventBytes);
    expect(event).toContain("tool-199");
    expect(event).not.toContain("dropped_io");
    expect(fault("llmobs_data_truncated") - before).toBeGreaterThanOrEqual(3);
  });
});

test("3,000 calls at once all arrive, no more than 1,000 of them for each second since", async () => {
  const arrived: { readonly ms: number; readonly count: number }[] = [];
  const start = performance.now();
  const note = () => {
    // Counted before the clock is read, so that a machine that stands still can only be in favour.
    const count = agent.llmobsSpans().length;
    arrived.push({ count, ms: performance.now() - start });
  };
  const notes = setInterval(note, 10);
  for (let index = 0; index < 3_000; index += 1) {
    llm.traceLLM(model, (span) => {
      span.setInput(`question ${index}`).setUsage({ inputTokens: 5, outputTokens: 2 });
    });
  }
  const { complete } = await tracing.flush();
  clearInterval(notes);
  note();

  await agent.waitFor({ llmobsSpans: 3_000 });
  const inputs = new Set(
    agent.llmobsSpans().map((span) => /question \d+/.exec(JSON.stringify(span))?.[0]),
  );
  expect(complete).toBe(true);
  expect(inputs.size).toBe(3_000);
  expect(arrived.filter(({ ms, count }) => count > 1_000 * (1 + Math.floor(ms / 1_000)))).toEqual(
    [],
  );
}, 30_000);

describe("values of wrong types", () => {
  const hostile = (): unknown =>
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("trap");
        },
        ownKeys: () => {
          throw new Error("trap");
        },
      },
    );
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const values: readonly (() => unknown)[] = [
    () => 5,
    () => null,
    () => Number.NaN,
    () => 10n,
    () => Symbol("s"),
    () => [],
    () => [[null]],
    () => ({ role: 3, content: [{}] }),
    () => [{ content: ["a"] }],
    () => [{ toolCalls: "x" }],
    () => [{ toolCalls: [{ arguments: "not an object" }] }],
    () => cyclic,
    hostile,
    () => new Map([[1, 2]]),
    () => () => 1,
    () => new Date(Number.NaN),
    () => "\ud800",
    () => true,
    () => new Error("e"),
    () => [undefined],
  ];
  const fields = [
    "inputData",
    "outputData",
    "metadata",
    "metrics",
    "tags",
    "prompt",
    "toolDefinitions",
    "costTags",
  ];

  test("500 ill-typed annotations throw nothing and lose no span", async () => {
    let count = 0;
    for (let round = 0; count < 500; round += 1) {
      for (const field of fields) {
        const value = values[(round + count) % values.length]?.();
        const span = llm.startLLMSpan("llm.request", model);
        tracing.annotate(span, { metadata: { count }, [field]: value } as never);
        span
          .setInput(value)
          .setOutput(value)
          .setUsage(value as never)
          .setFinishReason(value as never);
        span.finish();
        count += 1;
      }
    }
    await tracing.flush();

    await agent.waitFor({ llmobsSpans: count });
    expect(agent.llmobsSpans()).toHaveLength(count);
    expect(fault("llmobs_field_refused") + fault("llmobs_metric_refused")).toBeGreaterThan(0);
  }, 30_000);
});

describe("session ids", () => {
  test.for([
    ["a comma", "tenant,42"],
    ["other than ASCII", "Gespräch-7"],
    ["600 characters", "x".repeat(600)],
    ["a line feed", "a\nb"],
  ])("%s leaves the trace headers whole", ([, sessionId = ""]) => {
    const span = llm.startLLMSpan("llm.request", { ...model, sessionId });

    const headers = tracing.injectContext({} as Record<string, string>, span);

    span.finish();
    expect(headers["x-datadog-tags"]).toContain("_dd.p.llmobs_parent_id");
    expect(headers["x-datadog-tags"]).toContain("_dd.p.tid");
  });

  test("a usual one is kept, equal ones stay equal and different ones different", async () => {
    const ids = ["session-1", "é", "é", "è"];
    for (const sessionId of ids) llm.startLLMSpan("llm.request", { ...model, sessionId }).finish();
    await tracing.flush();
    await agent.waitFor({ llmobsSpans: 4 });

    const [plain, first, second, other] = agent.llmobsSpans().map(({ sessionId }) => sessionId);
    expect(plain).toBe("session-1");
    expect(first).toBe(second);
    expect(first).not.toBe(other);
    expect(first).toMatch(/^_-[0-9a-f]{16}$/);
  });
});

test("prompt, tools and cost tags arrive in LLM Observability's form", async () => {
  const span = llm.startLLMSpan("llm.request", {
    ...model,
    metricTags: { team: "search" },
    costTags: ["team"],
    prompt: {
      id: "greeting",
      version: "3",
      template: "Hi {name}",
      variables: { name: "Ada", age: 36 },
    },
    toolDefinitions: [{ name: "search", description: "finds", schema: { type: "object" } }],
  });
  span.finish();
  await tracing.flush();
  await agent.waitFor({ llmobsSpans: 1 });

  const event = JSON.stringify(agent.llmobsSpans()[0]);
  for (const part of [
    '"id":"greeting"',
    '"version":"3"',
    '"age":"36"',
    '"description":"finds"',
    '"cost_tags":["team"]',
  ]) {
    expect(event).toContain(part);
  }
  expect(span.getTag("llm.prompt_id")).toBe("greeting");
  expect(span.getTag("llm.prompt_version")).toBe("3");
});
