import {
  BedrockRuntimeServiceException,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  ThrottlingException,
} from "@aws-sdk/client-bedrock-runtime";
import { expect, test } from "vitest";
import type { ProviderErrorKind } from "../../src/index.ts";
import { bedrockClient } from "./bedrock-fixture.ts";
import { barrier, readAll, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer();

const modelId = "us.anthropic.claude-sonnet-4-20250514-v1:0";
const converse = {
  modelId,
  system: [{ text: "Be brief." }],
  messages: [{ role: "user" as const, content: [{ text: "What is new?" }] }],
};
const claudeBody = {
  anthropic_version: "bedrock-2023-05-31",
  max_tokens: 100,
  messages: [{ role: "user", content: [{ type: "text", text: "What is new?" }] }],
};

function invoke(model: string, body: unknown): InvokeModelCommand["input"] {
  return { modelId: model, body: JSON.stringify(body), contentType: "application/json" };
}

/** The stream of an answer; the SDK types it as if it could be missing. */
function eventsOf<T>(stream: AsyncIterable<T> | undefined): AsyncIterable<T> {
  if (stream === undefined) throw new Error("The answer has no stream.");
  return stream;
}

const decoder = new TextDecoder();

/** The chunks of an InvokeModel stream, parsed. */
async function chunksOf(model: string, body: unknown): Promise<Record<string, unknown>[]> {
  const client = bedrockClient(fixture.server);
  const command = new InvokeModelWithResponseStreamCommand(invoke(model, body));
  const { body: stream } = await client.send(command);
  const events = await readAll(eventsOf(stream));
  return events.map((event) => JSON.parse(decoder.decode(event.chunk?.bytes)));
}

test("Converse answers over HTTP/2, as the SDK asks by default, with text, tools and usage", async () => {
  fixture.server.enqueue({
    thinking: "Look it up.",
    text: "One moment.",
    toolCalls: [{ name: "search", arguments: { query: "news" }, id: "tooluse_1" }],
    usage: { inputTokens: 130, outputTokens: 20, cacheReadTokens: 100, cacheWriteTokens: 10 },
  });

  const answer = await bedrockClient(fixture.server).send(new ConverseCommand(converse));

  expect(answer.$metadata.httpStatusCode).toBe(200);
  expect(answer.$metadata.requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(answer.stopReason).toBe("tool_use");
  expect(answer.output?.message?.content).toMatchObject([
    { reasoningContent: { reasoningText: { text: "Look it up." } } },
    { text: "One moment." },
    { toolUse: { toolUseId: "tooluse_1", name: "search", input: { query: "news" } } },
  ]);
  expect(answer.usage).toMatchObject({
    inputTokens: 20,
    outputTokens: 20,
    totalTokens: 150,
    cacheReadInputTokens: 100,
    cacheWriteInputTokens: 10,
  });
  expect(fixture.server.requests()[0]).toMatchObject({
    provider: "bedrock",
    endpoint: "converse",
    model: modelId,
    streamed: false,
    inputText: "Be brief.\nWhat is new?",
    lastUserText: "What is new?",
    outcome: "completed",
    usageSent: { inputTokens: 130, cacheReadTokens: 100 },
  });
  expect(JSON.stringify(fixture.server.requests()[0]?.headers)).not.toMatch(/Signature|":[a-z]/);
});

test("ConverseStream tells the usage with its last event", async () => {
  fixture.server.enqueue({
    thinking: "Hm.",
    text: "Good news",
    toolCalls: [{ name: "search", arguments: { query: "news" }, chunks: 2 }],
    usage: { inputTokens: 30, outputTokens: 9 },
  });
  const client = bedrockClient(fixture.server);

  const { stream } = await client.send(new ConverseStreamCommand(converse));
  const events = await readAll(eventsOf(stream));

  expect(events.map((event) => Object.keys(event)[0])).toEqual([
    "messageStart",
    "contentBlockDelta",
    "contentBlockDelta",
    "contentBlockStop",
    "contentBlockDelta",
    "contentBlockDelta",
    "contentBlockStop",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
  ]);
  const text = events.map((event) => event.contentBlockDelta?.delta?.text ?? "").join("");
  const input = events
    .map((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? "")
    .join("");
  expect(text).toBe("Good news");
  expect(JSON.parse(input)).toEqual({ query: "news" });
  expect(events.at(-1)?.metadata?.usage).toMatchObject({ inputTokens: 30, outputTokens: 9 });
  expect(fixture.server.requests()[0]).toMatchObject({
    streamed: true,
    chunksSent: 5,
    eventsSent: 13,
    usageSent: { inputTokens: 30, outputTokens: 9 },
  });
});

test("InvokeModel passes on what Claude writes, and counts in headers", async () => {
  fixture.server.enqueue({
    text: "Hello",
    usage: { inputTokens: 50, cacheReadTokens: 40, outputTokens: 3 },
  });
  const command = new InvokeModelCommand(invoke(modelId, claudeBody));
  const headers: Record<string, string>[] = [];
  const client = bedrockClient(fixture.server);
  client.middlewareStack.add(
    (next) => async (input) => {
      const result = await next(input);
      headers.push((result.response as { headers: Record<string, string> }).headers);
      return result;
    },
    { step: "deserialize", priority: "low" },
  );

  const answer = JSON.parse(decoder.decode((await client.send(command)).body));

  expect(answer).toEqual({
    id: expect.stringMatching(/^msg_bdrk_/),
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-20250514",
    content: [{ type: "text", text: "Hello" }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 40,
      cache_creation_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: 3,
    },
  });
  expect(headers[0]).toMatchObject({
    "x-amzn-bedrock-input-token-count": "10",
    "x-amzn-bedrock-output-token-count": "3",
    "x-amzn-bedrock-cache-read-input-token-count": "40",
  });
  expect(fixture.server.usageSent()).toMatchObject([
    { provider: "bedrock", model: modelId, usage: { inputTokens: 50, outputTokens: 3 } },
  ]);
});

/** What each maker's models answer with the text "one two". */
const dialects: [string, object, unknown, unknown][] = [
  [modelId, claudeBody, { content: [{ type: "text", text: "one two" }] }, { type: "message_stop" }],
  [
    "anthropic.claude-v2:1",
    { prompt: "\n\nHuman: What is new?\n\nAssistant:" },
    { completion: "one two", stop_reason: "stop_sequence" },
    { completion: "", stop_reason: "stop_sequence", stop: "\n\nHuman:" },
  ],
  [
    "amazon.nova-pro-v1:0",
    { messages: converse.messages },
    { output: { message: { content: [{ text: "one two" }] } }, stopReason: "end_turn" },
    { metadata: { usage: { inputTokens: 7, outputTokens: 5 } } },
  ],
  [
    "amazon.titan-text-lite-v1",
    { inputText: "What is new?" },
    { inputTextTokenCount: 7, results: [{ tokenCount: 5, outputText: "one two" }] },
    { totalOutputTextTokenCount: 5, completionReason: "FINISH" },
  ],
  [
    "eu.meta.llama3-8b-instruct-v1:0",
    { prompt: "What is new?" },
    { generation: "one two", prompt_token_count: 7, generation_token_count: 5 },
    { generation: "", generation_token_count: 5, stop_reason: "stop" },
  ],
  [
    "mistral.mistral-7b-instruct-v0:2",
    { prompt: "What is new?" },
    { outputs: [{ text: "one two", stop_reason: "stop" }] },
    { outputs: [{ text: "", stop_reason: "stop" }] },
  ],
  [
    "ai21.jamba-1-5-mini-v1:0",
    { messages: [{ role: "user", content: "What is new?" }] },
    { choices: [{ message: { content: "one two" } }], usage: { prompt_tokens: 7 } },
    {},
  ],
];

test.each(dialects)("%s answers InvokeModel in its own words", async (model, body, whole, last) => {
  const reply = { text: "one two", usage: { inputTokens: 7, outputTokens: 5 } };
  fixture.server.enqueue(reply, reply);
  const client = bedrockClient(fixture.server);

  const answer = await client.send(new InvokeModelCommand(invoke(model, body)));
  const chunks = await chunksOf(model, body);

  expect(JSON.parse(decoder.decode(answer.body))).toMatchObject(whole as object);
  expect(chunks.at(-1)).toMatchObject({
    ...(last as object),
    "amazon-bedrock-invocationMetrics": { inputTokenCount: 7, outputTokenCount: 5 },
  });
  expect(JSON.stringify(chunks)).toMatch(/"one".*" two"/);
  expect(fixture.server.requests().map(({ usageSent }) => usageSent?.outputTokens)).toEqual([5, 5]);
});

test("an inference profile is served as the model it is of", async () => {
  const profile = `arn:aws:bedrock:us-east-1:000000000000:inference-profile/${modelId}`;

  const chunks = await chunksOf(profile, claudeBody);

  expect(chunks[0]).toMatchObject({ type: "message_start", message: { role: "assistant" } });
  expect(fixture.server.requests()[0]?.model).toBe(profile);
});

test("Titan embeds one text and Cohere several, each text with its own vector", async () => {
  const client = bedrockClient(fixture.server);
  const titan = invoke("amazon.titan-embed-text-v2:0", { inputText: "one", dimensions: 8 });
  const cohere = invoke("cohere.embed-english-v3", {
    texts: ["one", "two"],
    input_type: "search_query",
  });

  const answers = [];
  for (const input of [titan, cohere]) {
    const answer = await client.send(new InvokeModelCommand(input));
    answers.push(JSON.parse(decoder.decode(answer.body)));
  }

  expect(answers[0].embedding).toHaveLength(8);
  expect(answers[0].inputTextTokenCount).toBe(1);
  expect(answers[1].embeddings.map((vector: number[]) => vector.length)).toEqual([1024, 1024]);
  expect(answers[1].embeddings[0]).not.toEqual(answers[1].embeddings[1]);
});

const errors: [ProviderErrorKind, number, string][] = [
  ["invalid_request", 400, "ValidationException"],
  ["permission", 403, "AccessDeniedException"],
  ["not_found", 404, "ResourceNotFoundException"],
  ["rate_limited", 429, "ThrottlingException"],
  ["quota_exceeded", 400, "ServiceQuotaExceededException"],
  ["internal", 500, "InternalServerException"],
  ["overloaded", 503, "ServiceUnavailableException"],
  ["timeout", 408, "ModelTimeoutException"],
  ["authentication", 403, "UnrecognizedClientException"],
];

test.each(errors)("%s reaches the SDK as status %i %s", async (kind, status, name) => {
  fixture.server.enqueue({ error: { kind, message: "No." } });

  const request = bedrockClient(fixture.server).send(new ConverseCommand(converse));
  const error = await request.catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(BedrockRuntimeServiceException);
  expect(error).toMatchObject({ name, message: "No.", $metadata: { httpStatusCode: status } });
});

test("the SDK retries a throttled request", async () => {
  fixture.server.enqueue({ error: "rate_limited" }, { text: "At last" });

  const client = bedrockClient(fixture.server, { maxAttempts: 2 });
  const answer = await client.send(new ConverseCommand(converse));

  expect(answer.output?.message?.content).toEqual([{ text: "At last" }]);
  expect(answer.$metadata.attempts).toBe(2);
});

test.each([
  ["rate_limited", ThrottlingException.name],
  ["permission", "ModelStreamErrorException"],
] as const)("a %s in the middle of a stream is thrown as %s", async (kind, name) => {
  fixture.server.enqueue({ text: "one two three", midStreamError: { kind, message: "No more." } });
  const client = bedrockClient(fixture.server);

  const { stream } = await client.send(new ConverseStreamCommand(converse));
  const error = await readAll(eventsOf(stream)).catch((reason: unknown) => reason);

  expect(error).toMatchObject({ name, message: "No more." });
  expect(fixture.server.requests()[0]).toMatchObject({
    outcome: "failed",
    failure: "mid_stream_error",
    chunksSent: 1,
    usageSent: null,
  });
});

test("a cut connection ends the stream before its last events", async () => {
  fixture.server.enqueue({ text: "one two three", truncateAfterChunks: 1, cutConnection: true });
  const client = bedrockClient(fixture.server);

  const { stream } = await client.send(new ConverseStreamCommand(converse));
  const events = await readAll(eventsOf(stream));

  // Over HTTP/2 the SDK does not tell a cut connection from the end of a stream.
  expect(events.map((event) => Object.keys(event)[0])).toEqual([
    "messageStart",
    "contentBlockDelta",
  ]);
  expect(fixture.server.requests()[0]).toMatchObject({ failure: "connection_cut", chunksSent: 1 });
});

test("a connection cut before the first byte fails the request, and the next one is served", async () => {
  fixture.server.enqueue({ cutConnection: true }, { text: "Hello" });
  const client = bedrockClient(fixture.server);

  const broken = client.send(new ConverseCommand(converse));
  await expect(broken).rejects.toThrow();
  const answer = await client.send(new ConverseCommand(converse));

  expect(answer.output?.message?.content).toEqual([{ text: "Hello" }]);
});

test("a client that aborts a stream is recorded with the chunk it came to", async () => {
  const never = barrier();
  fixture.server.enqueue({
    text: "one two three",
    gate: (chunk) => (chunk === 1 ? never.opened : undefined),
  });
  const controller = new AbortController();
  const client = bedrockClient(fixture.server);

  const { stream } = await client.send(new ConverseStreamCommand(converse), {
    abortSignal: controller.signal,
  });
  for await (const event of eventsOf(stream)) {
    if (event.contentBlockDelta !== undefined) break;
  }
  // Over HTTP/2 the SDK goes on reading after `break`; only the signal ends the request.
  controller.abort();
  const record = await fixture.server.waitForRequest(({ outcome }) => outcome !== "in_progress");

  expect(record).toMatchObject({ outcome: "aborted_by_client", abortedAtChunk: 1 });
});

test("a client that aborts before the answer is recorded at chunk 0", async () => {
  fixture.server.enqueue({ delayMs: 600_000 });
  const controller = new AbortController();

  const request = bedrockClient(fixture.server).send(new ConverseCommand(converse), {
    abortSignal: controller.signal,
  });
  await fixture.server.waitForRequest(({ outcome }) => outcome === "in_progress");
  controller.abort();

  await expect(request).rejects.toMatchObject({ name: "AbortError" });
  const record = await fixture.server.waitForRequest(({ outcome }) => outcome !== "in_progress");
  expect(record).toMatchObject({ outcome: "aborted_by_client", abortedAtChunk: 0 });
});

test("what Bedrock would refuse is refused", async () => {
  const client = bedrockClient(fixture.server);
  const noMessages = new ConverseCommand({ modelId, messages: undefined });
  const noMaxTokens = new InvokeModelCommand(invoke(modelId, { messages: [] }));

  await expect(client.send(noMessages)).rejects.toMatchObject({ name: "ValidationException" });
  await expect(client.send(noMaxTokens)).rejects.toMatchObject({ name: "ValidationException" });
  expect(fixture.server.requests().map(({ failure }) => failure)).toEqual([
    "refused_request",
    "refused_request",
  ]);
});
