import { createOpenAIAgentsProcessor } from "@llmdevops/dd/llm";
import { Agent, Runner, setTraceProcessors, tool } from "@openai/agents-core";
import { OpenAIProvider } from "@openai/agents-openai";
import { z } from "zod";
import { runExample } from "./run-example.ts";

await runExample(async ({ client, provider }) => {
  const usage = { inputTokens: 120, cacheReadTokens: 100, outputTokens: 30 };
  provider.enqueue(
    { toolCalls: [{ name: "transfer_to_researcher", arguments: {} }], usage },
    { toolCalls: [{ name: "search", arguments: { query: "refund" } }], usage },
    { text: "You have 30 days.", usage },
  );

  setTraceProcessors([createOpenAIAgentsProcessor({ agents: client, llm: client })]);

  const search = tool({
    name: "search",
    description: "Searches the handbook.",
    parameters: z.object({ query: z.string() }),
    execute: () => "Refunds within 30 days.",
  });
  const researcher = new Agent({ name: "researcher", model: "gpt-5-mini", tools: [search] });
  const desk = Agent.create({ name: "desk", model: "gpt-5-mini", handoffs: [researcher] });
  const modelProvider = new OpenAIProvider({ apiKey: "none", baseURL: provider.baseUrls.openai });

  const result = await new Runner({ modelProvider }).run(desk, "How long may I return it?");
  return String(result.finalOutput);
});
