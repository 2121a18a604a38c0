import type { DatadogAPMClient } from "@llmdevops/dd";
import { createOpenAIAgentsProcessor } from "@llmdevops/dd-llm";
import type { ProviderServer } from "@llmdevops/dd-testing";
import * as sdk from "@openai/agents-core";
import { OpenAIResponsesModel } from "@openai/agents-openai";
import OpenAI from "openai";
import type { Entries } from "./entries.ts";

/** The OpenAI Agents SDK: a run with a hand-off, tools and guardrails, and every kind of span that it knows. */
export async function plantInOpenAIAgents(
  datadog: DatadogAPMClient,
  plant: Entries,
  server: ProviderServer,
): Promise<void> {
  const processor = createOpenAIAgentsProcessor({ agents: datadog, llm: datadog });
  sdk.setTracingDisabled(false);
  sdk.setTraceProcessors([processor]);
  await run(plant, server);
  await spans(plant);
  await processor.shutdown();
}

async function run(plant: Entries, server: ProviderServer): Promise<void> {
  const client = new OpenAI({ apiKey: "test", baseURL: server.baseUrls.openai, maxRetries: 0 });
  const model = new OpenAIResponsesModel(client as never, plant.name("agents: model"));
  const tool = (name: string, execute: () => string) =>
    sdk.tool({
      name,
      description: plant.content("agents: tool description"),
      strict: false,
      parameters: {
        type: "object",
        properties: { q: { type: "string", description: plant.content("agents: tool schema") } },
        required: [],
        additionalProperties: true,
      },
      execute,
    });
  const found = plant.name("agents: tool");
  const broken = plant.name("agents: failing tool");
  const researcher = new sdk.Agent({
    name: plant.name("agents: second agent"),
    instructions: plant.content("agents: instructions"),
    handoffDescription: plant.content("agents: hand-off description"),
    model,
    tools: [
      tool(found, () => plant.content("agents: tool result")),
      tool(broken, () => {
        throw plant.error("agents: tool error");
      }),
    ],
  });
  const desk = sdk.Agent.create({
    name: plant.name("agents: first agent"),
    instructions: plant.content("agents: first instructions"),
    model,
    handoffs: [researcher],
  });
  const args = (place: string) => ({ q: plant.content(place) });
  server.enqueue(
    { toolCalls: [{ name: `transfer_to_${researcher.name}`, arguments: {} }] },
    {
      text: plant.content("agents: text beside a tool call"),
      thinking: plant.content("agents: thinking"),
      toolCalls: [
        { name: found, arguments: args("agents: argument") },
        { name: broken, arguments: args("agents: argument of the failing tool") },
      ],
    },
    { text: plant.content("agents: answer") },
  );
  const runner = new sdk.Runner({
    workflowName: plant.name("agents: workflow"),
    groupId: plant.name("agents: group"),
    traceMetadata: { [plant.name("agents: metadata key")]: plant.name("agents: trace metadata") },
  });
  await runner.run(desk, plant.content("agents: question"), {
    context: { user: plant.name("agents: context") },
  });
  server.enqueue({ status: 400, error: { message: plant.name("agents: provider error") } });
  await runner.run(desk, plant.content("agents: refused question")).catch(() => {});
}

async function spans(plant: Entries): Promise<void> {
  await sdk.withTrace(plant.name("agents: trace"), async () => {
    await sdk.withAgentSpan(async () => {}, {
      data: {
        name: plant.name("agents: agent span"),
        tools: [plant.name("agents: listed tool")],
        handoffs: [plant.name("agents: listed hand-off")],
        output_type: plant.name("agents: output type"),
      },
    });
    await sdk.withGuardrailSpan(
      async (span) => span.setError({ message: plant.name("agents: guardrail error"), data: {} }),
      { data: { name: plant.name("agents: guardrail"), triggered: true } },
    );
    await sdk.withCustomSpan(async () => {}, {
      data: {
        name: plant.name("agents: custom span"),
        data: { [plant.name("agents: custom key")]: plant.content("agents: custom data") },
      },
    });
    await sdk.withMCPListToolsSpan(async () => {}, {
      data: { server: plant.name("agents: MCP server"), result: [plant.name("agents: MCP tool")] },
    });
    await sdk.withFunctionSpan(
      async (span) => {
        span.spanData.output = plant.content("agents: output of a function span");
        const error = plant.content("agents: quoted by an error");
        span.setError({ message: "Error running tool", data: { error } });
      },
      {
        data: {
          name: plant.name("agents: function"),
          input: plant.content("agents: input"),
          output: "",
        },
      },
    );
    await sdk.withGenerationSpan(async () => {}, {
      data: {
        model: plant.name("agents: generation model"),
        model_config: { user: plant.name("agents: model config") },
        input: [{ role: "user", content: plant.content("agents: generation input") }],
        output: [{ role: "assistant", content: plant.content("agents: generation output") }],
      },
    });
    await sdk.withTranscriptionSpan(async () => {}, {
      data: {
        input: { data: plant.content("agents: audio"), format: "pcm" },
        output: plant.content("agents: transcript"),
      },
    });
    await sdk.withSpeechSpan(async () => {}, {
      data: { input: plant.content("agents: spoken"), output: { data: "", format: "pcm" } },
    });
  });
}
