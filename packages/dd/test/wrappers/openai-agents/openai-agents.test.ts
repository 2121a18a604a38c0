import { createOpenAIAgentsProcessor, instrumentOpenAI } from "@llmdevops/dd-llm";
import { type ProviderServer, startProviderServer } from "@llmdevops/dd-testing";
import * as newest from "@openai/agents-core";
import * as oldest from "@openai/agents-core-oldest";
import { OpenAIChatCompletionsModel, OpenAIResponsesModel } from "@openai/agents-openai";
import fc from "fast-check";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ObservedClient, outline, spanOf, startObservedClient } from "../observed-agents.ts";

let observed: ObservedClient;
let provider: ProviderServer;

beforeAll(async () => {
  observed = await startObservedClient("openai-agents");
  provider = await startProviderServer();
  newest.setTracingDisabled(false);
  oldest.setTracingDisabled(false);
});

beforeEach(() => observed.clear());

afterAll(async () => {
  await observed.stop();
  await provider.stop();
});

const usage = { inputTokens: 120, outputTokens: 30, cacheReadTokens: 100, reasoningTokens: 12 };

function processorFor() {
  return createOpenAIAgentsProcessor({ agents: observed.datadog, llm: observed.datadog });
}

async function noneOpen(): Promise<void> {
  await expect.poll(() => observed.datadog.health().spans.open).toBe(0);
}

/** A desk that hands over to a researcher with a tool. */
function desk(client: OpenAI, useChat: boolean) {
  const Model = useChat ? OpenAIChatCompletionsModel : OpenAIResponsesModel;
  const model = new Model(client as never, "gpt-5-mini");
  const search = newest.tool({
    name: "search",
    description: "Searches the handbook.",
    strict: false,
    parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
    execute: () => "within 30 days",
  });
  const researcher = new newest.Agent({ name: "researcher", model, tools: [search] });
  return newest.Agent.create({ name: "desk", model, handoffs: [researcher] });
}

function scriptRun(): void {
  provider.enqueue(
    { toolCalls: [{ name: "transfer_to_researcher", arguments: {} }], usage },
    { toolCalls: [{ name: "search", arguments: { query: "refund" } }], usage },
    { text: "Within 30 days.", usage },
  );
}

function openai(): OpenAI {
  return new OpenAI({ apiKey: "test", baseURL: provider.baseUrls.openai, maxRetries: 0 });
}

const expectedOutline = [
  "agent.workflow Agent workflow",
  "  agent.run desk",
  "    llm.request chat gpt-5-mini",
  "  agent.run researcher",
  "    llm.request chat gpt-5-mini",
  "    tool.search search",
  "    llm.request chat gpt-5-mini",
];

describe.each([
  ["the Responses API", false, false],
  ["the Responses API, streamed", false, true],
  ["Chat Completions", true, false],
  ["Chat Completions, streamed", true, true],
])("a run through %s", (_, useChat, isStreamed) => {
  test("is a tree of agents, tools and model calls with the usage that the provider counts", async () => {
    newest.setTraceProcessors([processorFor()]);
    scriptRun();

    const agent = desk(openai(), useChat);
    if (isStreamed) {
      const result = await newest.run(agent, "How long do I have?", { stream: true });
      await result.completed;
      await noneOpen();
      expect(result.finalOutput).toBe("Within 30 days.");
    } else {
      const result = await newest.run(agent, "How long do I have?");
      expect(result.finalOutput).toBe("Within 30 days.");
    }

    const spans = await observed.spans();
    expect(outline(spans)).toEqual(expectedOutline);
    for (const call of spans.filter(({ name }) => name === "llm.request")) {
      expect(call.metrics).toMatchObject({
        "llm.input_tokens": 120,
        "llm.output_tokens": 30,
        "llm.cache_read_input_tokens": 100,
        "llm.reasoning_tokens": 12,
      });
      expect(call.metrics["llm.cost.total_usd"]).toBeGreaterThan(0);
    }
    const tool = spanOf(spans, "tool.search");
    expect(tool.metrics).toMatchObject({ "tool.success": 1, "tool.input_size": 20 });
    const [first, second] = ["desk", "researcher"].map((name) => spanOf(spans, "agent.run", name));
    expect(first?.meta["agent.outcome"]).toBe("handed_off");
    expect(second?.meta["agent.handoff_from"]).toBe("desk");
    expect(second?.spanLinks?.map((link) => link.spanId)).toContain(first?.spanId);
    const workflow = spanOf(spans, "agent.workflow");
    expect(second?.meta["agent.run_id"]).toBe(workflow.meta["agent.run_id"]);
    expect(workflow.metrics).toMatchObject({
      "agent.run.model_calls": 3,
      "agent.run.tool_calls": 1,
      "agent.run.input_tokens": 360,
    });
    expect(
      observed.agent
        .llmobsSpans()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["agent", "agent", "llm", "llm", "llm", "tool", "workflow"].sort());
    expect(observed.agent.rejections()).toEqual([]);
  });

  test("is recorded once where the client is instrumented too", async () => {
    newest.setTraceProcessors([processorFor()]);
    scriptRun();
    const client = instrumentOpenAI(openai(), { llm: observed.datadog });

    const agent = desk(client, useChat);
    if (isStreamed) await (await newest.run(agent, "How long?", { stream: true })).completed;
    else await newest.run(agent, "How long?");
    await noneOpen();

    expect(outline(await observed.spans())).toEqual(expectedOutline);
  });
});

test("where another processor comes first, what is not streamed is recorded once all the same", async () => {
  const first = { ...inertProcessor, onSpanStart: () => new Promise<void>(setImmediate) };
  newest.setTraceProcessors([first, processorFor()]);
  scriptRun();
  const client = instrumentOpenAI(openai(), { llm: observed.datadog });

  await newest.run(desk(client, false), "How long?");
  await noneOpen();

  const spans = await observed.spans();
  expect(spans.filter(({ name }) => name === "llm.request")).toHaveLength(3);
});

test("a run whose model fails has failed, and leaves nothing open", async () => {
  const processor = processorFor();
  newest.setTraceProcessors([processor]);
  provider.enqueue({ status: 500, error: { message: "gone" } });

  await expect(newest.run(desk(openai(), false), "How long?")).rejects.toThrow();
  await expect.poll(() => processor.report().openTraces, { timeout: 5_000 }).toBe(0);

  const spans = await observed.spans();
  expect(spanOf(spans, "llm.request").error).toBe(1);
  expect(spanOf(spans, "agent.workflow").meta["agent.outcome"]).toBe("failed");
  expect(processor.report().openSpans).toBe(0);
});

const inertProcessor = {
  onTraceStart: async () => {},
  onTraceEnd: async () => {},
  onSpanStart: async () => {},
  onSpanEnd: async () => {},
  shutdown: async () => {},
  forceFlush: async () => {},
};

describe.each([
  ["newest", newest],
  ["oldest", oldest as unknown as typeof newest],
])("spans of the %s SDK", (_, sdk) => {
  test("of all types are recorded below their agent", async () => {
    sdk.setTraceProcessors([processorFor()]);

    await sdk.withTrace("refunds", () =>
      sdk.withAgentSpan(
        async () => {
          await sdk.withGuardrailSpan(async () => {}, {
            data: { name: "on-topic", triggered: true },
          });
          await sdk.withCustomSpan(async () => {}, { data: { name: "rank", data: {} } });
          await sdk.withMCPListToolsSpan(async () => {}, { data: { server: "orders" } });
          await sdk.withGenerationSpan(
            async (span) => {
              span.spanData.usage = { input_tokens: 7, output_tokens: 3 };
            },
            { data: { model: "gpt-5-mini" } },
          );
          await sdk.withFunctionSpan(
            async (span) => {
              span.setError({ message: "no stock", data: {} });
            },
            { data: { name: "order", input: "{}", output: "" } },
          );
        },
        { data: { name: "desk" } },
      ),
    );

    const spans = await observed.spans();
    expect(outline(spans).sort()).toEqual(
      [
        "agent.workflow refunds",
        "  agent.run desk",
        "    agent.guardrail on-topic",
        "    agent.custom rank",
        "    agent.mcp_tools tools/list",
        "    llm.request chat gpt-5-mini",
        "    tool.order order",
      ].sort(),
    );
    expect(spanOf(spans, "agent.guardrail").metrics["guardrail.triggered"]).toBe(1);
    expect(spanOf(spans, "llm.request").metrics["llm.total_tokens"]).toBe(10);
    expect(spanOf(spans, "tool.order").meta["error.message"]).toBe("no stock");
  });

  test("of a generation and a transcription show what was said", async () => {
    sdk.setTraceProcessors([processorFor()]);

    await sdk.withTrace("calls", async () => {
      await sdk.withGenerationSpan(async () => {}, {
        data: { model: "gpt-5-mini", output: [{ role: "assistant", content: "Within 30 days." }] },
      });
      await sdk.withTranscriptionSpan(async () => {}, {
        data: { input: { data: "", format: "pcm" }, output: "How long do I have?" },
      });
    });

    await observed.spans();
    const sent = observed.agent.llmobsSpans().filter(({ kind }) => kind === "llm");
    const outputs = sent.map(({ meta }) => JSON.stringify(meta["output"]));
    expect(outputs.join()).toContain("Within 30 days.");
    expect(outputs.join()).toContain("How long do I have?");
  });

  test("of a model call do not begin before the tool that it follows, nor end before they begin", async () => {
    sdk.setTraceProcessors([processorFor()]);

    await sdk.withTrace("calls", () =>
      sdk.withAgentSpan(
        async () => {
          for (let index = 0; index < 20; index += 1) {
            const data = { name: `search-${index}`, input: "{}", output: "" };
            await sdk.withFunctionSpan(async () => {}, { data });
            await sdk.withGenerationSpan(async () => {}, { data: { model: `model-${index}` } });
          }
        },
        { data: { name: "desk" } },
      ),
    );

    const spans = await observed.spans();
    for (let index = 0; index < 20; index += 1) {
      const tool = spanOf(spans, `tool.search-${index}`);
      const call = spanOf(spans, "llm.request", `chat model-${index}`);
      expect(call.start).toBeGreaterThanOrEqual(tool.start);
      expect(call.durationMs).toBeGreaterThanOrEqual(0);
    }
  });

  test("an agent as a tool is a child of the tool", async () => {
    sdk.setTraceProcessors([processorFor()]);

    await sdk.withTrace("refunds", () =>
      sdk.withAgentSpan(
        () =>
          sdk.withFunctionSpan(
            () => sdk.withAgentSpan(async () => {}, { data: { name: "inner" } }),
            { data: { name: "ask-inner", input: "", output: "" } },
          ),
        { data: { name: "outer" } },
      ),
    );

    const spans = await observed.spans();
    expect(outline(spans)).toEqual([
      "agent.workflow refunds",
      "  agent.run outer",
      "    tool.ask-inner ask-inner",
      "      agent.run inner",
    ]);
    expect(spanOf(spans, "agent.run", "inner").meta["agent.parent"]).toBe("outer");
  });

  test("that never end are ended with their trace, and counted", async () => {
    const processor = processorFor();
    sdk.setTraceProcessors([processor]);

    await sdk.withTrace("refunds", async () => {
      const agent = sdk.createAgentSpan({ data: { name: "desk" } });
      agent.start();
      sdk.createFunctionSpan({ data: { name: "search", input: "", output: "" } }, agent).start();
    });

    expect(processor.report()).toMatchObject({ openTraces: 0, openSpans: 0 });
    expect(processor.report().dropped.never_ended).toBe(2);
    const spans = await observed.spans();
    expect(spans).toHaveLength(3);
    expect(spanOf(spans, "tool.search").metrics["openai.never_ended"]).toBe(1);
  });
});

describe("what is out of order", () => {
  const span = (spanId: string, type = "custom") => ({
    traceId: "t",
    spanId,
    spanData: { type, name: spanId },
  });

  test("never throws, and is counted", async () => {
    const processor = processorFor();
    const hostile = new Proxy({}, { get: () => JSON.parse("{") });

    for (const value of [hostile, {}, null as never, span("a")]) {
      await processor.onSpanStart(value);
      await processor.onSpanEnd(value);
      await processor.onTraceEnd(value);
    }
    await processor.onTraceStart({ traceId: "t", name: "n" });
    await processor.onTraceStart({ traceId: "t", name: "n" });
    await processor.onSpanEnd(span("a"));
    await processor.onSpanStart(span("b"));
    await processor.onTraceEnd({ traceId: "t" });
    await processor.onSpanEnd(span("b"));

    expect(processor.report()).toMatchObject({ openTraces: 0, openSpans: 0 });
    expect(processor.report().dropped).toMatchObject({ unknown_span_ended: 1, never_ended: 1 });
    expect((await observed.spans()).map(({ name }) => name).sort()).toEqual([
      "agent.custom",
      "agent.workflow",
    ]);
  });

  test("is bounded: the oldest trace and further open spans give way", async () => {
    const processor = createOpenAIAgentsProcessor({
      agents: observed.datadog,
      llm: observed.datadog,
      maximumTraces: 2,
      maximumOpenSpans: 3,
    });

    for (let trace = 0; trace < 50; trace += 1) {
      const traceId = `t${trace}`;
      await processor.onTraceStart({ traceId, name: "n" });
      for (let id = 0; id < 10; id += 1) {
        await processor.onSpanStart({ ...span(`${trace}-${id}`), traceId });
      }
    }

    expect(processor.report()).toMatchObject({ openTraces: 2, openSpans: 6 });
    expect(processor.report().dropped).toMatchObject({
      trace_evicted: 48,
      too_many_open_spans: 350,
    });
    await processor.shutdown();
    expect(processor.report()).toMatchObject({ openTraces: 0, openSpans: 0 });
    expect(await observed.spans()).toHaveLength(200);
  });

  test("in any order ends every span that has begun, once", async () => {
    const types = ["agent", "function", "response", "guardrail", "turn", "handoff", "unknown"];
    const event = fc.record({
      method: fc.constantFrom("onSpanStart", "onSpanEnd", "onTraceStart", "onTraceEnd"),
      traceId: fc.constantFrom("t1", "t2"),
      spanId: fc.constantFrom("a", "b", "c", "d"),
      parentId: fc.constantFrom("a", "b", "c", null),
      type: fc.constantFrom(...types),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const processor = processorFor();
        for (const { method, type, ...ids } of events) {
          const spanData = { type, name: type, to_agent: "agent" };
          await processor[method as "onSpanStart"]({ ...ids, name: "n", spanData });
        }
        await processor.shutdown();
        expect(processor.report()).toMatchObject({ openTraces: 0, openSpans: 0 });
        expect(observed.datadog.health().spans.open).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("options that cannot work are refused", () => {
    const { datadog } = observed;
    expect(() => createOpenAIAgentsProcessor({ agents: {} as never, llm: datadog })).toThrow(
      /startAgentSpan/,
    );
    expect(() =>
      createOpenAIAgentsProcessor({ agents: datadog, llm: datadog, maximumTraces: 0 }),
    ).toThrow(/maximumTraces/);
  });
});
