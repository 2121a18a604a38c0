import { Document } from "@langchain/core/documents";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { BaseRetriever } from "@langchain/core/retrievers";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { RunnableLambda as OldestLambda } from "@langchain/core-oldest/runnables";
import { DynamicTool as OldestTool } from "@langchain/core-oldest/tools";
import { FakeListChatModel as OldestModel } from "@langchain/core-oldest/utils/testing";
import { Annotation, END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import { createLangChainHandler, instrumentOpenAI } from "@llmdevops/dd-llm";
import { type ProviderServer, startProviderServer } from "@llmdevops/dd-testing";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ObservedClient, outline, spanOf, startObservedClient } from "../observed-agents.ts";

let observed: ObservedClient;
let provider: ProviderServer;

beforeAll(async () => {
  observed = await startObservedClient("langchain");
  provider = await startProviderServer();
});

beforeEach(() => observed.clear());

afterAll(async () => {
  await observed.stop();
  await provider.stop();
});

const usage = { inputTokens: 120, outputTokens: 30, cacheReadTokens: 100, reasoningTokens: 12 };

function handlerFor(further: { readonly maximumOpenRuns?: number } = {}) {
  const { datadog } = observed;
  return createLangChainHandler({ agents: datadog, llm: datadog, ...further });
}

function chatModel(streaming = false): ChatOpenAI {
  return new ChatOpenAI({
    model: "gpt-5-mini",
    apiKey: "test",
    maxRetries: 0,
    streaming,
    configuration: { baseURL: provider.baseUrls.openai },
  });
}

const search = tool(() => "within 30 days", {
  name: "search",
  description: "Searches the handbook.",
  schema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
});

/** An agent with a tool, as a graph. */
function deskGraph() {
  const model = chatModel().bindTools([search]);
  return new StateGraph(MessagesAnnotation)
    .addNode("agent", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode("tools", new ToolNode([search]))
    .addEdge(START, "agent")
    .addConditionalEdges("agent", ({ messages }) => {
      const last = messages.at(-1);
      return last instanceof AIMessage && (last.tool_calls?.length ?? 0) > 0 ? "tools" : END;
    })
    .addEdge("tools", "agent")
    .compile({ name: "desk" });
}

describe("LangGraph", () => {
  test("a graph is a run whose nodes are steps around model calls and tools", async () => {
    provider.enqueue(
      { toolCalls: [{ name: "search", arguments: { query: "refund" } }], usage },
      { text: "Within 30 days.", usage },
    );

    const { messages } = await deskGraph().invoke(
      { messages: [new HumanMessage("How long?")] },
      { callbacks: [handlerFor()], configurable: { thread_id: "thread-7" } },
    );

    expect(messages.at(-1)?.content).toBe("Within 30 days.");
    const spans = await observed.spans();
    expect(outline(spans)).toEqual([
      "agent.run desk",
      "  agent desk agent",
      "    llm.request chat gpt-5-mini",
      "  tools desk tools",
      "  tool.search search",
      "  agent desk agent",
      "    llm.request chat gpt-5-mini",
    ]);
    const run = spanOf(spans, "agent.run");
    expect(run.metrics).toMatchObject({
      "agent.run.model_calls": 2,
      "agent.run.tool_calls": 1,
      "agent.run.input_tokens": 240,
    });
    for (const call of spans.filter(({ name }) => name === "llm.request")) {
      expect(call.meta["llm.provider"]).toBe("openai");
      expect(call.metrics).toMatchObject({
        "llm.input_tokens": 120,
        "llm.output_tokens": 30,
        "llm.cache_read_input_tokens": 100,
        "llm.reasoning_tokens": 12,
      });
    }
    expect(observed.agent.rejections()).toEqual([]);
  });

  test("branches at once keep their own model calls", async () => {
    const Answers = Annotation.Root({
      answers: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }),
    });
    const branch = (name: string) => async () => ({
      answers: [String((await new FakeListChatModel({ responses: [name] }).invoke("q")).content)],
    });
    const graph = new StateGraph(Answers)
      .addNode("left", branch("left"))
      .addNode("right", branch("right"))
      .addEdge(START, "left")
      .addEdge(START, "right")
      .compile({ name: "pair" });

    await Promise.all(
      Array.from({ length: 20 }, () => graph.invoke({}, { callbacks: [handlerFor()] })),
    );

    const spans = await observed.spans();
    const calls = spans.filter(({ name }) => name === "llm.request");
    const steps = spans.filter(({ name }) => name === "left" || name === "right");
    expect(calls).toHaveLength(40);
    expect(new Set(calls.map(({ parentId }) => parentId))).toEqual(
      new Set(steps.map(({ spanId }) => spanId)),
    );
  });

  test("a node that fails fails the run, and leaves nothing open", async () => {
    const handler = handlerFor();
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("crash", () => {
        throw new Error("disk full");
      })
      .addEdge(START, "crash")
      .compile({ name: "desk" });

    await expect(graph.invoke({ messages: [] }, { callbacks: [handler] })).rejects.toThrow(
      "disk full",
    );

    const spans = await observed.spans();
    expect(spanOf(spans, "agent.run").meta["agent.outcome"]).toBe("failed");
    expect(spanOf(spans, "crash").error).toBe(1);
    expect(handler.report()).toEqual({ openRuns: 0, evictedRuns: 0 });
  });
});

class Handbook extends BaseRetriever {
  lc_namespace = ["test"];

  override async _getRelevantDocuments(query: string): Promise<Document[]> {
    return [new Document({ pageContent: `${query}: within 30 days` })];
  }
}

describe("LangChain", () => {
  test("a streamed chain has its model call with the time to the first token", async () => {
    provider.enqueue({ text: "Within 30 days.", usage });
    const chain = ChatPromptTemplate.fromTemplate("Answer: {question}")
      .pipe(chatModel(true))
      .pipe(new StringOutputParser());

    let text = "";
    const stream = await chain.stream({ question: "How long?" }, { callbacks: [handlerFor()] });
    for await (const chunk of stream) text += chunk;

    expect(text).toBe("Within 30 days.");
    const spans = await observed.spans();
    expect(outline(spans)).toEqual(["agent.run RunnableSequence", "  llm.request chat gpt-5-mini"]);
    const call = spanOf(spans, "llm.request");
    expect(call.metrics["llm.time_to_first_token_ms"]).toBeGreaterThanOrEqual(0);
    expect(call.metrics).toMatchObject({ "llm.input_tokens": 120, "llm.output_tokens": 30 });
    expect(call.meta["llm.stream_outcome"]).toBe("completed");
  });

  test("a retriever, a tool and a model outside of a chain are recorded", async () => {
    const callbacks = [handlerFor()];

    await new Handbook().invoke("refund", { callbacks });
    await search.invoke({ query: "refund" }, { callbacks });
    await new FakeListChatModel({ responses: ["yes"] }).invoke("q", { callbacks });

    const spans = await observed.spans();
    expect(spans.map(({ name }) => name).sort()).toEqual(["llm.request", "retrieval", "tool.call"]);
    expect(spanOf(spans, "retrieval").metrics["llm.document_count"]).toBe(1);
    expect(spanOf(spans, "tool.call").resource).toBe("search");
  });

  test("a call that fails has failed", async () => {
    provider.enqueue({ status: 429, error: { message: "slow down" } });

    await expect(chatModel().invoke("q", { callbacks: [handlerFor()] })).rejects.toThrow();

    const call = spanOf(await observed.spans(), "llm.request");
    expect(call.error).toBe(1);
    expect(call.meta["error.type"]).toBe("rate_limit");
  });

  test("a model whose client is instrumented too is noticed once, and left to that", async () => {
    const warnings: string[] = [];
    const { datadog } = observed;
    const handler = createLangChainHandler({
      agents: datadog,
      llm: datadog,
      logger: { warn: (message) => warnings.push(message) },
    });
    const client = instrumentOpenAI(
      new OpenAI({ apiKey: "test", baseURL: provider.baseUrls.openai }),
      { llm: datadog },
    );
    const ask = RunnableLambda.from(async () => {
      const completion = await client.chat.completions.create({
        model: "gpt-5-mini",
        messages: [{ role: "user", content: "q" }],
      });
      return new AIMessage({ content: "a", response_metadata: { id: completion.id } });
    });
    // A model that asks through the instrumented client, as LangChain's own would.
    const model = new FakeListChatModel({ responses: ["a"] });
    model._generate = async () => {
      const message = await ask.invoke("q");
      return { generations: [{ text: "a", message }] };
    };

    for (let call = 0; call < 3; call += 1) await model.invoke("q", { callbacks: [handler] });

    expect(warnings).toHaveLength(1);
    // Once twice, then only by the client.
    const calls = (await observed.spans()).filter(({ name }) => name === "llm.request");
    expect(calls).toHaveLength(4);
  });
});

test("the oldest LangChain is recorded in the same way", async () => {
  const callbacks = [handlerFor()] as never;
  const lookup = new OldestTool({
    name: "lookup",
    description: "Looks an order up.",
    func: async () => "shipped",
  });
  const chain = OldestLambda.from(async (order: string, config) => {
    await lookup.invoke(order, config);
    return new OldestModel({ responses: ["It is shipped."] }).invoke(order, config);
  }).withConfig({ runName: "answer" });

  const answer = await chain.invoke("order 7", { callbacks });

  expect(answer.content).toBe("It is shipped.");
  const spans = await observed.spans();
  expect(outline(spans)).toEqual([
    "agent.run answer",
    "  tool.lookup lookup",
    expect.stringMatching(/^ {2}llm\.request chat /),
  ]);
});

describe("what is out of order", () => {
  test("never throws, and ends for unknown runs do nothing", async () => {
    const handler = handlerFor();
    const hostile: unknown = new Proxy({}, { get: () => JSON.parse("{") });

    for (const value of [hostile, undefined, null, 7, []]) {
      handler.handleChainStart(value, value, "a", undefined, value, value, value, value);
      handler.handleChatModelStart(value, value, "b", "a", value, value, value);
      handler.handleLLMNewToken(value, value, "b", "a", value, value);
      handler.handleLLMEnd(value, "b");
      handler.handleToolStart(value, value, "c", "a");
      handler.handleToolEnd(value, "c");
      handler.handleRetrieverStart(value, value, "d", "a");
      handler.handleRetrieverEnd(value, "d");
      handler.handleChainEnd(value, "a");
      handler.handleChainEnd(value, "never");
    }

    expect(handler.report().openRuns).toBe(0);
    await observed.spans();
  });

  test("is bounded: the oldest open run gives way", async () => {
    const handler = handlerFor({ maximumOpenRuns: 5 });

    for (let run = 0; run < 100; run += 1) handler.handleChainStart({}, {}, `run-${run}`);

    expect(handler.report()).toEqual({ openRuns: 5, evictedRuns: 95 });
    for (let run = 95; run < 100; run += 1) handler.handleChainEnd({}, `run-${run}`);
    expect(await observed.spans()).toHaveLength(100);
  });

  test("options that cannot work are refused", () => {
    const { datadog } = observed;
    expect(() => createLangChainHandler({ agents: {} as never, llm: datadog })).toThrow(
      /startAgentSpan/,
    );
    expect(() => handlerFor({ maximumOpenRuns: 0 })).toThrow(/maximumOpenRuns/);
  });
});
