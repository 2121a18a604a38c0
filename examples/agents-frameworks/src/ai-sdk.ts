import { createOpenAI } from "@ai-sdk/openai";
import { aiSdkTelemetry } from "@llmdevops/dd/llm";
import { registerTelemetry, stepCountIs, ToolLoopAgent, tool } from "ai";
import { z } from "zod";
import { runExample } from "./run-example.ts";

await runExample(async ({ client, provider }) => {
  const usage = { inputTokens: 120, cacheReadTokens: 100, outputTokens: 30 };
  provider.enqueue(
    { toolCalls: [{ name: "search", arguments: { query: "refund" } }], usage },
    { text: "You have 30 days.", usage },
  );

  registerTelemetry(aiSdkTelemetry({ llm: client }));

  const openai = createOpenAI({ apiKey: "none", baseURL: provider.baseUrls.openai });
  const desk = new ToolLoopAgent({
    model: openai("gpt-5-mini"),
    stopWhen: stepCountIs(5),
    tools: {
      search: tool({
        description: "Searches the handbook.",
        inputSchema: z.object({ query: z.string() }),
        execute: async () => "Refunds within 30 days.",
      }),
    },
  });

  // The run around the SDK's agent counts its model calls, holds its budget and sums it up.
  return client.traceAgent({ agentName: "desk" }, async (run) => {
    const prompt = "How long may I return it?";
    const { text } = await desk.generate({ prompt, abortSignal: run.signal });
    return text;
  });
});
