import {
  ApplyGuardrailCommand,
  BedrockRuntime,
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { ConfigurationError, instrumentBedrock, uninstrument } from "@llmdevops/dd";
import { expect, test } from "vitest";
import { useObservedClient } from "../observed-client.ts";

const observed = useObservedClient();

const settings = () => ({
  endpoint: observed.server.baseUrls.bedrock,
  region: "eu-west-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

function instrumentedClient(): BedrockRuntimeClient {
  return instrumentBedrock(new BedrockRuntimeClient(settings()), { llm: observed.datadog });
}

const modelId = "eu.anthropic.claude-sonnet-4-20250514-v1:0";
const messages = [{ role: "user" as const, content: [{ text: "Where is my parcel?" }] }];

test("a conversation is recorded with its tools, its parameters and the region", async () => {
  observed.server.enqueue({ text: "It is on its way." }, { text: "Anything else?" });
  const client = instrumentedClient();
  await client.send(new ConverseCommand({ modelId, messages }));
  const command = new ConverseCommand({
    modelId: `arn:aws:bedrock:eu-west-1:123456789012:inference-profile/${modelId}`,
    system: [{ text: "Be brief." }],
    messages: [
      ...messages,
      {
        role: "assistant",
        content: [{ toolUse: { toolUseId: "t1", name: "track", input: { id: 7 } } }],
      },
      {
        role: "user",
        content: [{ toolResult: { toolUseId: "t1", content: [{ json: { place: "Lyon" } }] } }],
      },
    ],
    inferenceConfig: { maxTokens: 300, temperature: 0.2 },
    toolConfig: {
      tools: [{ toolSpec: { name: "track", inputSchema: { json: { type: "object" } } } }],
      toolChoice: { auto: {} },
    },
    additionalModelRequestFields: { top_k: 5 },
  });
  await client.send(command);

  const [, span] = (await observed.arrived()).toSorted((a, b) => Number(a.start - b.start));
  expect(span?.meta).toMatchObject({
    "llm.model": modelId,
    "llm.region": "eu-west-1",
    "llm.parameters.tool_choice": "auto",
    "llm.parameters.tool_names": "track",
  });
  expect(JSON.stringify(span?.meta)).not.toContain("123456789012");
  expect(span?.meta["llm.request_id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(span?.metrics).toMatchObject({
    "llm.parameters.max_tokens": 300,
    "llm.parameters.temperature": 0.2,
    "llm.parameters.top_k": 5,
  });
  const [, sent] = observed.agent.llmobsSpans().toSorted((a, b) => a.startNs - b.startNs);
  expect(sent?.meta).toMatchObject({
    input: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Where is my parcel?" },
        { role: "assistant", tool_calls: [{ name: "track", arguments: { id: 7 }, tool_id: "t1" }] },
        { role: "user", tool_results: [{ result: '{"place":"Lyon"}', tool_id: "t1" }] },
      ],
    },
    output: { messages: [{ content: "Anything else?" }] },
  });
});

test("counts that come in headers only are recorded", async () => {
  observed.server.enqueue({
    text: "Bonjour.",
    headers: {
      "x-amzn-bedrock-input-token-count": "42",
      "x-amzn-bedrock-output-token-count": "7",
    },
  });
  const body = JSON.stringify({ prompt: "<s>[INST]Say hello[/INST]", max_tokens: 50 });

  const answer = await instrumentedClient().send(
    new InvokeModelCommand({ modelId: "mistral.mistral-7b-instruct-v0:2", body }),
  );

  expect(JSON.parse(answer.body.transformToString())).toMatchObject({
    outputs: [{ text: "Bonjour." }],
  });
  const [span] = await observed.arrived();
  expect(span?.meta).toMatchObject({ "llm.request_type": "completion" });
  expect(span?.metrics).toMatchObject({
    "llm.input_tokens": 42,
    "llm.output_tokens": 7,
    "llm.parameters.max_tokens": 50,
  });
});

test("a body of bytes is read, one that is no JSON is sent all the same", async () => {
  observed.server.enqueue({ text: "Yes." }, { text: "No." });
  const client = instrumentedClient();
  const body = { anthropic_version: "bedrock-2023-05-31", max_tokens: 9, messages: [] };
  const model = { modelId, contentType: "application/json" };

  await client.send(
    new InvokeModelCommand({ ...model, body: new TextEncoder().encode(JSON.stringify(body)) }),
  );
  const sent = client.send(new InvokeModelCommand({ ...model, body: "{" }));

  await expect(sent).rejects.toThrow();
  expect(observed.server.requests()).toHaveLength(2);
  const spans = await observed.arrived();
  expect(spans.map(({ error }) => error).toSorted()).toEqual([0, 1]);
});

test("callbacks and the methods of the aggregated client are observed, too", async () => {
  observed.server.enqueue({ text: "One." }, { text: "Two." });
  const client = instrumentBedrock(new BedrockRuntime(settings()), { llm: observed.datadog });

  const answer = await new Promise((resolve, reject) => {
    client.send(new ConverseCommand({ modelId, messages }), (error: unknown, result) =>
      error === null ? resolve(result) : reject(error),
    );
  });
  await client.converse({ modelId, messages });

  expect(answer).toMatchObject({ stopReason: "end_turn" });
  expect(await observed.arrived()).toHaveLength(2);
});

test("a request that was refused and sent again says how often", async () => {
  observed.server.enqueue({ error: { kind: "rate_limited" } }, { text: "Now." });

  await instrumentedClient().send(new ConverseCommand({ modelId, messages }));

  const [span] = await observed.arrived();
  expect(span?.metrics).toMatchObject({ "llm.retries": 1 });
  expect(span?.error).toBe(0);
});

test("what is no model call is sent and not recorded", async () => {
  const command = new ApplyGuardrailCommand({
    guardrailIdentifier: "g",
    guardrailVersion: "1",
    source: "INPUT",
    content: [{ text: { text: "Where is my parcel?" } }],
  });

  // The provider server has no guardrails, and says so.
  await instrumentedClient()
    .send(command)
    .catch(() => {});

  expect(observed.server.requests()).toHaveLength(1);
  expect(await observed.arrived()).toEqual([]);
});

test("a stream that is over its time is a time-out, not a decision of the application", async () => {
  observed.server.enqueue({
    text: "one two three",
    chunks: 3,
    gate: (chunk) => (chunk === 2 ? new Promise<void>(() => {}) : undefined),
  });
  const { stream } = await instrumentedClient().send(
    new ConverseStreamCommand({ modelId, messages }),
    { abortSignal: AbortSignal.timeout(100) },
  );

  for await (const event of stream ?? []) void event;

  const [span] = await observed.arrived();
  expect(span?.meta).toMatchObject({
    "llm.stream_outcome": "failed",
    "error.type": "timeout",
  });
});

test("instrumenting twice records once, and taking it off leaves the client as it was", async () => {
  observed.server.enqueue({ text: "One." }, { text: "Two." });
  const bare = new BedrockRuntimeClient(settings());
  const client = new BedrockRuntimeClient(settings());
  const steps = client.middlewareStack.identify();

  instrumentBedrock(client, { llm: observed.datadog });
  expect(instrumentBedrock(client, { llm: observed.datadog })).toBe(client);
  await client.send(new ConverseCommand({ modelId, messages }));
  uninstrument(client);
  await client.send(new ConverseCommand({ modelId, messages }));

  expect(client.middlewareStack.identify()).toEqual(steps);
  expect(Object.hasOwn(client, "send")).toBe(false);
  expect(client.send).toBe(bare.send);
  expect(await observed.arrived()).toHaveLength(1);
});

test("the application's own middleware runs as before", async () => {
  observed.server.enqueue({ text: "One." });
  const client = instrumentedClient();
  const seen: unknown[] = [];
  client.middlewareStack.add(
    (next) => async (args) => {
      seen.push(args.input);
      return next(args);
    },
    { step: "initialize" },
  );
  const input = { modelId, messages };

  await client.send(new ConverseCommand(input));

  expect(seen).toEqual([input]);
});

test("what is no client of Bedrock is refused", () => {
  const wrong = { middlewareStack: {}, config: {}, send() {} };

  // @ts-expect-error: neither is a client
  expect(() => instrumentBedrock(wrong, { llm: observed.datadog })).toThrow(ConfigurationError);
  // @ts-expect-error: neither is a client
  expect(() => instrumentBedrock(undefined, { llm: observed.datadog })).toThrow(ConfigurationError);
});
