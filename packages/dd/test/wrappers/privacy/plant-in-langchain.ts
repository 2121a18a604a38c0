import { Document } from "@langchain/core/documents";
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { JsonOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { BaseRetriever } from "@langchain/core/retrievers";
import { tool } from "@langchain/core/tools";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import type { DatadogAPMClient } from "@llmdevops/dd";
import { createLangChainHandler } from "@llmdevops/dd-llm";
import type { ProviderServer } from "@llmdevops/dd-testing";
import type { Entries } from "./entries.ts";

/** LangChain and LangGraph: a graph with tools, a chain, a retriever, and their failures. */
export async function plantInLangChain(
  datadog: DatadogAPMClient,
  plant: Entries,
  server: ProviderServer,
): Promise<void> {
  const callbacks = [createLangChainHandler({ agents: datadog, llm: datadog })];
  const config = (place: string) => ({
    callbacks,
    runName: plant.name(`${place}: run name`),
    runId: crypto.randomUUID(),
    tags: [plant.name(`${place}: tag`)],
    metadata: { [plant.name(`${place}: metadata key`)]: plant.name(`${place}: metadata`) },
    configurable: { thread_id: plant.name(`${place}: thread`) },
  });
  const model = new ChatOpenAI({
    model: plant.name("langchain: model"),
    apiKey: "test",
    maxRetries: 0,
    user: plant.name("langchain: user"),
    configuration: { baseURL: server.baseUrls.openai },
    modelKwargs: { metadata: { note: plant.name("langchain: provider metadata") } },
    tags: [plant.name("langchain: model tag")],
    metadata: { note: plant.name("langchain: model metadata") },
  });
  await runGraph(model, server, plant, config("langchain graph"));
  await runChains(model, server, plant, config);
  await new Handbook(plant.content("langchain: document"), plant.name("langchain: source")).invoke(
    plant.content("langchain: query"),
    config("langchain retriever"),
  );
}

async function runGraph(
  model: ChatOpenAI,
  server: ProviderServer,
  plant: Entries,
  config: object,
): Promise<void> {
  const schema = {
    type: "object",
    properties: { q: { type: "string", description: plant.content("langchain: tool schema") } },
    required: ["q"],
  } as const;
  const fields = (place: string) => ({
    name: plant.name(`langchain: ${place}`),
    description: plant.content(`langchain: description of the ${place}`),
    schema,
  });
  const found = tool(() => plant.content("langchain: tool result"), fields("tool"));
  const broken = tool(() => {
    throw plant.error("langchain: tool error");
  }, fields("failing tool"));
  // A tool may tell the model of a failure by a message whose status says so.
  const refusing = tool(
    (_, { toolCall }) =>
      new ToolMessage({
        content: plant.content("langchain: refusal of a tool"),
        tool_call_id: toolCall?.id ?? "",
        status: "error",
      }),
    fields("refusing tool"),
  );
  const tools = [found, broken, refusing];
  const bound = model.bindTools(tools);
  const toolCalls = tools.map(({ name }) => ({
    name,
    arguments: {
      q: plant.content(`langchain: argument of a tool called ${name.length}`),
    },
  }));
  server.enqueue(
    { text: plant.content("langchain: text beside tools"), toolCalls },
    { text: plant.content("langchain: answer") },
  );
  const node = plant.name("langchain: node");
  const graph = new StateGraph(MessagesAnnotation)
    .addNode(node, async ({ messages }) => ({ messages: [await bound.invoke(messages)] }))
    .addNode("tools", new ToolNode(tools))
    .addEdge(START, node as never)
    .addConditionalEdges(node as never, ({ messages }: typeof MessagesAnnotation.State) => {
      const last = messages.at(-1);
      return last instanceof AIMessage && (last.tool_calls?.length ?? 0) > 0 ? "tools" : END;
    })
    .addEdge("tools", node as never)
    .compile({ name: plant.name("langchain: graph") });
  const messages = [
    new SystemMessage(plant.content("langchain: system prompt")),
    new HumanMessage({
      content: plant.content("langchain: question"),
      name: plant.name("langchain: author"),
    }),
  ];
  await graph.invoke({ messages }, config);
}

async function runChains(
  model: ChatOpenAI,
  server: ProviderServer,
  plant: Entries,
  config: (place: string) => object,
): Promise<void> {
  const prompt = ChatPromptTemplate.fromTemplate(`${plant.content("langchain: template")} {x}`);
  const unreadable = new FakeListChatModel({ responses: [plant.content("langchain: no JSON")] });
  const chain = prompt.pipe(unreadable).pipe(new JsonOutputParser());
  const input = { x: plant.content("langchain: variable") };
  await chain.invoke(input, config("langchain chain")).catch(() => {});
  const strict = tool(() => "", {
    name: plant.name("langchain: strict tool"),
    description: "",
    schema: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
  });
  const wrong = { n: plant.content("langchain: wrong argument") };
  await strict.invoke(wrong as never, config("langchain tool")).catch(() => {});
  server.enqueue({ status: 400, error: { message: plant.name("langchain: provider error") } });
  const refused = plant.content("langchain: refused question");
  await model.invoke(refused, config("langchain model")).catch(() => {});
}

class Handbook extends BaseRetriever {
  lc_namespace = ["test"];
  readonly #text: string;
  readonly #source: string;

  constructor(text: string, source: string) {
    super();
    this.#text = text;
    this.#source = source;
  }

  override async _getRelevantDocuments(): Promise<Document[]> {
    return [
      new Document({
        pageContent: this.#text,
        metadata: { source: this.#source },
        id: this.#source,
      }),
    ];
  }
}
