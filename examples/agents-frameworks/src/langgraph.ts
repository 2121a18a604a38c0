import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import { createLangChainHandler } from "@llmdevops/dd/llm";
import { z } from "zod";
import { runExample } from "./run-example.ts";

await runExample(async ({ client, provider }) => {
  const usage = { inputTokens: 120, cacheReadTokens: 100, outputTokens: 30 };
  provider.enqueue(
    { toolCalls: [{ name: "search", arguments: { query: "refund" } }], usage },
    { text: "You have 30 days.", usage },
  );

  const search = tool(() => "Refunds within 30 days.", {
    name: "search",
    description: "Searches the handbook.",
    schema: z.object({ query: z.string() }),
  });
  const configuration = { baseURL: provider.baseUrls.openai };
  const model = new ChatOpenAI({ model: "gpt-5-mini", apiKey: "none", configuration });
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("agent", async ({ messages }) => ({
      messages: [await model.bindTools([search]).invoke(messages)],
    }))
    .addNode("tools", new ToolNode([search]))
    .addEdge(START, "agent")
    .addConditionalEdges("agent", ({ messages }) => {
      const last = messages.at(-1);
      return last instanceof AIMessage && (last.tool_calls?.length ?? 0) > 0 ? "tools" : END;
    })
    .addEdge("tools", "agent")
    .compile({ name: "desk" });

  const handler = createLangChainHandler({ agents: client, llm: client });
  const { messages } = await graph.invoke(
    { messages: [new HumanMessage("How long may I return it?")] },
    { callbacks: [handler] },
  );
  return String(messages.at(-1)?.content);
});
