import { aiSdkTelemetry, type DatadogAPMClient } from "@llmdevops/dd";
import * as ai from "ai";
import { MockLanguageModelV4 } from "ai/test";
import * as ai4 from "ai-oldest";
import { MockLanguageModelV1 } from "ai-oldest/test";
import { parts, result, result1, type Script, streamOf } from "../ai-sdk/scripted-model.ts";
import type { Entries } from "./entries.ts";

type Telemetry = ReturnType<typeof aiSdkTelemetry>;

/** The AI SDK at both ends of its range: tools, streams, objects, and their failures. */
export async function plantInAISDK(datadog: DatadogAPMClient, plant: Entries): Promise<void> {
  const telemetry = aiSdkTelemetry({
    llm: datadog,
    tags: { note: plant.name("ai: tag") },
    metricTags: { team: plant.name("ai: metric tag") },
  });
  await newest(telemetry, plant);
  await oldest(telemetry, plant);
}

function schemaOf(plant: Entries) {
  const q = { type: "string", description: plant.content("ai: schema") } as const;
  return { type: "object" as const, properties: { q }, required: ["q"] };
}

/** What the model says to one call after the other. */
function scripts(plant: Entries, name: string, failing: string): Script[] {
  const input = (place: string) => JSON.stringify({ q: plant.content(place) });
  return [
    { texts: [plant.content("ai: text")], toolCall: { name, input: input("ai: argument") } },
    { toolCall: { name: failing, input: input("ai: argument of the failing tool") } },
    { texts: [plant.content("ai: answer")] },
  ];
}

async function newest({ tracer: _, ...integration }: Telemetry, plant: Entries): Promise<void> {
  const common = {
    maxRetries: 0,
    headers: { authorization: `Bearer ${plant.name("ai: header")}` },
    providerOptions: { test: { user: plant.name("ai: provider option") } },
    telemetry: { integrations: [integration], functionId: plant.name("ai: function") },
  };
  const identity = { provider: plant.name("ai: provider"), modelId: plant.name("ai: model") };
  const inputSchema = ai.jsonSchema(schemaOf(plant));
  const [name, failing] = [plant.name("ai: tool"), plant.name("ai: failing tool")];
  const description = plant.content("ai: tool description");
  const tools = {
    [name]: ai.tool({ description, inputSchema, execute: () => plant.content("ai: tool result") }),
    [failing]: ai.tool({
      inputSchema,
      execute(): string {
        throw plant.error("ai: tool error");
      },
    }),
  };
  const rest = scripts(plant, name, failing);
  const model = new MockLanguageModelV4({
    ...identity,
    doGenerate: async () => result(rest.shift() ?? {}, 4) as never,
  });
  await ai.generateText({
    ...common,
    model,
    instructions: plant.content("ai: instructions"),
    prompt: plant.content("ai: prompt"),
    tools,
    stopWhen: ai.stepCountIs(3),
  });
  const answering = (script: Script) =>
    new MockLanguageModelV4({
      ...identity,
      doGenerate: async () => {
        if (script.refusal !== undefined) throw script.refusal;
        return result(script, 4) as never;
      },
      doStream: async (settings) => ({ stream: streamOf(script, parts(script, 4), settings) }),
    });
  const refused = answering({ refusal: plant.error("ai: refusal") });
  const prompt = () => plant.content("ai: further prompt");
  await ai.generateText({ ...common, model: refused, prompt: prompt() }).catch(() => {});
  const said = () => [plant.content("ai: streamed")];
  const stream = (script: Script) =>
    ai.streamText({ ...common, model: answering(script), prompt: prompt(), onError() {} });
  await stream({ texts: said() }).consumeStream();
  await stream({ texts: said(), streamError: plant.error("ai: stream error") }).consumeStream();
  const schema = ai.jsonSchema(schemaOf(plant));
  const object = (text: string) =>
    ai.generateObject({ ...common, model: answering({ texts: [text] }), prompt: prompt(), schema });
  await object(JSON.stringify({ q: plant.content("ai: object") }));
  await object(plant.content("ai: what is no object")).catch(() => {});
  const output = ai.Output.object({ schema });
  const structured = ai.generateText({
    ...common,
    output,
    model: answering({ texts: [plant.content("ai: what is no output")] }),
    prompt: prompt(),
  });
  await structured.then(({ output }) => output).catch(() => {});
}

async function oldest({ tracer }: Telemetry, plant: Entries): Promise<void> {
  const common = {
    maxRetries: 0,
    headers: { authorization: `Bearer ${plant.name("ai 4: header")}` },
    experimental_telemetry: {
      isEnabled: true,
      tracer: tracer as never,
      functionId: plant.name("ai 4: function"),
      metadata: { [plant.name("ai 4: metadata key")]: plant.name("ai 4: metadata") },
    },
  };
  const [name, failing] = [plant.name("ai 4: tool"), plant.name("ai 4: failing tool")];
  const parameters = ai4.jsonSchema(schemaOf(plant));
  const tools = {
    [name]: ai4.tool({ parameters, execute: async () => plant.content("ai 4: tool result") }),
    [failing]: ai4.tool({
      parameters,
      execute: async (): Promise<string> => {
        throw plant.error("ai 4: tool error");
      },
    }),
  };
  const rest = scripts(plant, name, failing);
  const model = (answer: () => Script) =>
    new MockLanguageModelV1({
      provider: plant.name("ai 4: provider"),
      modelId: plant.name("ai 4: model"),
      defaultObjectGenerationMode: "json",
      doGenerate: async () => result1(answer()) as never,
    }) as ai4.LanguageModelV1;
  const asked = {
    system: plant.content("ai 4: system prompt"),
    prompt: plant.content("ai 4: prompt"),
  };
  const looping = {
    ...common,
    ...asked,
    model: model(() => rest.shift() ?? {}),
    tools,
    maxSteps: 3,
  };
  await ai4.generateText(looping).catch(() => {});
  const wrong = { texts: [plant.content("ai 4: what is no object")] };
  const schema = ai4.jsonSchema(schemaOf(plant));
  await ai4
    .generateObject({ ...common, ...asked, schema, model: model(() => wrong) })
    .catch(() => {});
  const call = {
    toolCall: { name, input: JSON.stringify({ wrong: plant.content("ai 4: unfit") }) },
  };
  await ai4.generateText({ ...looping, model: model(() => call) }).catch(() => {});
}
