import Anthropic from "@anthropic-ai/sdk";
import { BedrockRuntimeClient, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";
import { GoogleGenAI } from "@google/genai";
import {
  type DatadogAPMClient,
  instrumentAnthropic,
  instrumentBedrock,
  instrumentGoogleGenAI,
  instrumentOpenAI,
} from "@llmdevops/dd";
import type { ProviderServer, ScriptedReply } from "@llmdevops/dd-testing";
import OpenAI from "openai";
import type { Entries } from "./entries.ts";

/** The clients of the providers: prompts, tools, headers, addresses, identifiers, refusals. */
export async function plantInClients(
  datadog: DatadogAPMClient,
  plant: Entries,
  server: ProviderServer,
): Promise<void> {
  const options = (provider: string) => ({
    llm: datadog,
    tags: { note: plant.name(`${provider}: tag`) },
    metricTags: { team: plant.name(`${provider}: metric tag`) },
  });
  for (const [name, call] of [
    ["openai", callOpenAI],
    ["anthropic", callAnthropic],
    ["google", callGoogle],
    ["bedrock", callBedrock],
  ] as const) {
    const ask = (baseUrl: string) =>
      call(baseUrl, plant, options(name)).catch(() => {
        // A refusal is recorded as any other end.
      });
    const baseUrl = server.baseUrls[name === "google" ? "gemini" : name];
    server.enqueue(answer(plant, name));
    await ask(baseUrl);
    // What is no JSON is quoted by the error of whoever tries to read it.
    const unreadable = plant.content(`${name}: what is no JSON`);
    server.enqueue({ raw: { headers: streamed, body: `data: ${unreadable}\n\n` } });
    await ask(baseUrl);
    server.enqueue({ raw: { headers: whole, body: unreadable } });
    await ask(baseUrl);
    server.clear();
    server.enqueue({ status: 400, error: { message: plant.name(`${name}: refusal`) } });
    await ask(baseUrl);
    await ask(baseUrl.replace("//", `//ada:${plant.name(`${name}: password in the address`)}@`));
    server.clear();
  }
}

const streamed = { "content-type": "text/event-stream" };
const whole = { "content-type": "application/json" };

function answer(plant: Entries, provider: string): ScriptedReply {
  return {
    text: plant.content(`${provider}: answer`),
    thinking: plant.content(`${provider}: thinking`),
    toolCalls: [
      {
        name: plant.name(`${provider}: called tool`),
        arguments: { q: plant.content(`${provider}: argument`) },
      },
    ],
    model: plant.name(`${provider}: model that answers`),
    finishReason: plant.name(`${provider}: finish reason`),
    headers: {
      "x-request-id": plant.name(`${provider}: request id`),
      "openai-organization": plant.name(`${provider}: organisation`),
      "anthropic-organization-id": plant.name(`${provider}: organisation id`),
    },
  };
}

type Options = Parameters<typeof instrumentOpenAI>[1];

const schemaOf = (plant: Entries, provider: string) => ({
  type: "object" as const,
  properties: { q: { type: "string", description: plant.content(`${provider}: schema`) } },
});

async function callOpenAI(baseURL: string, plant: Entries, options: Options): Promise<void> {
  const client = instrumentOpenAI(
    new OpenAI({
      apiKey: plant.name("openai: key"),
      organization: plant.name("openai: client's organisation"),
      project: plant.name("openai: project"),
      baseURL,
      maxRetries: 0,
      logLevel: "off",
      defaultHeaders: { "x-note": plant.name("openai: default header") },
    }),
    options,
  );
  const name = plant.name("openai: tool");
  const description = plant.content("openai: tool description");
  const stream = await client.chat.completions.create(
    {
      model: plant.name("openai: model"),
      stream: true,
      user: plant.name("openai: user"),
      safety_identifier: plant.name("openai: safety identifier"),
      prompt_cache_key: plant.name("openai: cache key"),
      stop: plant.content("openai: stop"),
      metadata: { [plant.name("openai: metadata key")]: plant.name("openai: metadata") },
      tools: [
        {
          type: "function",
          function: { name, description, parameters: schemaOf(plant, "openai") },
        },
      ],
      messages: [
        { role: "system", content: plant.content("openai: system prompt") },
        {
          role: "user",
          name: plant.name("openai: author"),
          content: plant.content("openai: prompt"),
        },
      ],
    },
    { headers: { authorization: `Bearer ${plant.name("openai: header")}` } },
  );
  for await (const _chunk of stream) {
    // Only what is recorded matters.
  }
}

async function callAnthropic(baseURL: string, plant: Entries, options: Options): Promise<void> {
  const client = instrumentAnthropic(
    new Anthropic({
      apiKey: plant.name("anthropic: key"),
      baseURL,
      maxRetries: 0,
      logLevel: "off",
    }),
    options,
  );
  await client.messages.create(
    {
      model: plant.name("anthropic: model"),
      max_tokens: 10,
      system: plant.content("anthropic: system prompt"),
      metadata: { user_id: plant.name("anthropic: user") },
      stop_sequences: [plant.content("anthropic: stop")],
      tools: [
        {
          name: plant.name("anthropic: tool"),
          description: plant.content("anthropic: tool description"),
          input_schema: schemaOf(plant, "anthropic"),
        },
      ],
      messages: [
        { role: "user", content: plant.content("anthropic: prompt") },
        {
          role: "assistant",
          content: [
            {
              type: "tool_use",
              id: "t",
              name: "x",
              input: { q: plant.content("anthropic: earlier") },
            },
          ],
        },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: "t",
              is_error: true,
              content: plant.content("anthropic: earlier result"),
            },
          ],
        },
      ],
    },
    { headers: { "x-note": plant.name("anthropic: header") } },
  );
}

async function callGoogle(baseUrl: string, plant: Entries, options: Options): Promise<void> {
  const client = instrumentGoogleGenAI(
    new GoogleGenAI({
      apiKey: plant.name("google: key"),
      vertexai: false,
      httpOptions: { baseUrl, headers: { "x-note": plant.name("google: header") } },
    }),
    options,
  );
  await client.models.generateContent({
    model: plant.name("google: model"),
    contents: plant.content("google: prompt"),
    config: {
      systemInstruction: plant.content("google: system instruction"),
      stopSequences: [plant.content("google: stop")],
      tools: [
        {
          functionDeclarations: [
            {
              name: plant.name("google: tool"),
              description: plant.content("google: tool description"),
              parametersJsonSchema: schemaOf(plant, "google"),
            },
          ],
        },
      ],
    },
  });
}

async function callBedrock(endpoint: string, plant: Entries, options: Options): Promise<void> {
  const client = instrumentBedrock(
    new BedrockRuntimeClient({
      endpoint,
      region: "us-east-1",
      credentials: {
        accessKeyId: plant.name("bedrock: access key"),
        secretAccessKey: plant.name("bedrock: secret key"),
        sessionToken: plant.name("bedrock: session token"),
      },
      maxAttempts: 1,
    }),
    options,
  );
  const { stream } = await client.send(
    new ConverseStreamCommand({
      modelId: plant.name("bedrock: model"),
      system: [{ text: plant.content("bedrock: system prompt") }],
      messages: [{ role: "user", content: [{ text: plant.content("bedrock: prompt") }] }],
      inferenceConfig: { stopSequences: [plant.content("bedrock: stop")] },
      requestMetadata: { note: plant.name("bedrock: request metadata") },
      guardrailConfig: {
        guardrailIdentifier: plant.name("bedrock: guardrail"),
        guardrailVersion: plant.name("bedrock: guardrail version"),
      },
      additionalModelRequestFields: { note: plant.content("bedrock: further field") },
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: plant.name("bedrock: tool"),
              description: plant.content("bedrock: tool description"),
              inputSchema: { json: schemaOf(plant, "bedrock") },
            },
          },
        ],
      },
    }),
  );
  for await (const _event of stream ?? []) {
    // Only what is recorded matters.
  }
}
