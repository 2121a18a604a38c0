import { APIConnectionError } from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { startProviderServer } from "../../src/index.ts";
import { ask, barrier, post, readAll, sdkClients, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer();

test("a client that breaks off a stream is recorded with the chunk it came to", async () => {
  const never = barrier();
  fixture.server.enqueue({
    text: "one two three four",
    gate: (chunk) => (chunk === 2 ? never.opened : undefined),
  });

  const stream = await fixture.anthropic.messages.create({ ...ask.messages, stream: true });
  const texts: string[] = [];
  for await (const event of stream) {
    if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") continue;
    texts.push(event.delta.text);
    if (texts.length === 2) break;
  }
  const record = await fixture.server.waitForRequest(({ outcome }) => outcome !== "in_progress");

  expect(texts).toEqual(["one", " two"]);
  expect(record).toMatchObject({
    outcome: "aborted_by_client",
    abortedAtChunk: 2,
    chunksSent: 2,
    eventsSent: 5,
    failure: undefined,
  });
});

test("an aborted stream credits only the usage the client was told", async () => {
  const never = barrier();
  fixture.server.respond(
    {},
    {
      text: "one two",
      usage: { inputTokens: 50, outputTokens: 20 },
      gate: (chunk) => (chunk === 1 ? never.opened : undefined),
    },
  );

  for await (const event of await fixture.anthropic.messages.create({
    ...ask.messages,
    stream: true,
  })) {
    if (event.type === "content_block_delta") break;
  }
  for await (const chunk of await fixture.openai.chat.completions.create({
    ...ask.chat,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    if (chunk.choices[0]?.delta.content) break;
  }
  await fixture.server.waitForRequest(
    ({ provider, outcome }) => provider === "openai" && outcome === "aborted_by_client",
  );

  expect(fixture.server.usageSent()).toMatchObject([
    { provider: "anthropic", usage: { inputTokens: 50, outputTokens: 1 } },
  ]);
});

test("a client that aborts before the first byte is recorded at chunk 0", async () => {
  fixture.server.enqueue({ delayMs: 600_000 });
  const controller = new AbortController();

  const request = fixture.openai.chat.completions.create(ask.chat, { signal: controller.signal });
  await fixture.server.waitForRequest(({ outcome }) => outcome === "in_progress");
  controller.abort();

  await expect(request).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
  const record = await fixture.server.waitForRequest(({ outcome }) => outcome !== "in_progress");
  expect(record).toMatchObject({
    outcome: "aborted_by_client",
    abortedAtChunk: 0,
    status: undefined,
    usageSent: null,
  });
});

test("a client that aborts while a reply function thinks is recorded, too", async () => {
  const never = barrier();
  fixture.server.enqueue(() => never.opened.then(() => ({})));
  const controller = new AbortController();

  const request = fixture.openai.chat.completions.create(ask.chat, { signal: controller.signal });
  await fixture.server.waitForRequest(({ outcome }) => outcome === "in_progress");
  controller.abort();

  await expect(request).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
  await fixture.server.waitForRequest(({ outcome }) => outcome === "aborted_by_client");
});

test("a gate holds back exactly the chunk it is asked about", async () => {
  const gates = [barrier(), barrier()];
  const asked: number[] = [];
  fixture.server.enqueue({
    text: "one two",
    gate: (chunk) => {
      asked.push(chunk);
      return gates[chunk]?.opened;
    },
  });

  const stream = await fixture.openai.chat.completions.create({ ...ask.chat, stream: true });
  const iterator = stream[Symbol.asyncIterator]();
  const nextText = async (): Promise<string | null | undefined> =>
    (await iterator.next()).value?.choices[0]?.delta.content;

  expect(await nextText()).toBe("");
  expect(fixture.server.requests()[0]?.chunksSent).toBe(0);
  gates[0]?.open();
  expect(await nextText()).toBe("one");
  expect(fixture.server.requests()[0]?.chunksSent).toBe(1);
  gates[1]?.open();
  expect(await nextText()).toBe(" two");
  expect(asked).toEqual([0, 1]);
  await iterator.return?.();
});

test("delays put the first byte and each chunk off", async () => {
  fixture.server.enqueue({ text: "one two three", delayMs: 30, chunkDelayMs: 20 });
  const start = performance.now();

  const stream = await fixture.openai.chat.completions.create({ ...ask.chat, stream: true });
  const head = performance.now() - start;
  await readAll(stream);

  // Timers of Node may fire up to a millisecond early; nothing is said about how late.
  expect(head).toBeGreaterThanOrEqual(29);
  expect(performance.now() - start).toBeGreaterThanOrEqual(68);
});

test("a truncated stream ends properly, without its closing events", async () => {
  fixture.server.enqueue({ text: "one two three", truncateAfterChunks: 2 });

  const response = await post(`${fixture.server.url}/v1/messages`, {
    ...ask.messages,
    stream: true,
  });
  const text = await response.text();

  expect(text.match(/text_delta/g)).toHaveLength(2);
  expect(text).not.toMatch(/content_block_stop|message_delta|message_stop/);
  expect(fixture.server.requests()[0]).toMatchObject({
    outcome: "failed",
    failure: "truncated",
    chunksSent: 2,
  });
});

test.each([
  [0, 0],
  [2, 2],
  [3, 3],
  [99, 3],
])("a stream truncated after %i chunks delivers %i of 3", async (truncateAfterChunks, sent) => {
  fixture.server.respond({}, { text: "one two three", truncateAfterChunks });

  for (const stream of [
    await fixture.openai.chat.completions.create({ ...ask.chat, stream: true }),
    await fixture.openai.responses.create({ ...ask.response, stream: true }),
    await fixture.gemini.models.generateContentStream(ask.gemini),
  ]) {
    // A truncated stream of these providers ends without an error of the SDK.
    await readAll<unknown>(stream);
  }

  const records = fixture.server.requests();
  expect(records.map((record) => [record.failure, record.chunksSent])).toEqual(
    Array(3).fill(["truncated", sent]),
  );
});

test("a connection cut before the first byte is a connection error of each SDK", async () => {
  fixture.server.respond({}, { cutConnection: true });

  await expect(fixture.anthropic.messages.create(ask.messages)).rejects.toBeInstanceOf(
    APIConnectionError,
  );
  await expect(fixture.openai.chat.completions.create(ask.chat)).rejects.toBeInstanceOf(
    OpenAI.APIConnectionError,
  );
  await expect(fixture.gemini.models.generateContent(ask.gemini)).rejects.toThrow(/fetch failed/);
  expect(fixture.server.requests().map(({ failure }) => failure)).toEqual(
    Array(3).fill("connection_cut"),
  );
});

test("a connection cut in a stream fails the reader after the chunks before it", async () => {
  fixture.server.enqueue({ text: "one two three", truncateAfterChunks: 1, cutConnection: true });
  const texts: string[] = [];

  const read = async (): Promise<void> => {
    const stream = await fixture.anthropic.messages.create({ ...ask.messages, stream: true });
    for await (const event of stream) {
      if (event.type !== "content_block_delta" || event.delta.type !== "text_delta") continue;
      texts.push(event.delta.text);
    }
  };

  await expect(read()).rejects.toThrow(/terminated/);
  expect(texts).toEqual(["one"]);
  expect(fixture.server.requests()[0]).toMatchObject({ failure: "connection_cut", chunksSent: 1 });
});

test("a body can lose its second half, with or without its connection", async () => {
  fixture.server.enqueue(
    { truncateAfterChunks: 0 },
    { truncateAfterChunks: 0, cutConnection: true },
  );
  const url = `${fixture.server.url}/v1/messages`;

  const half = await (await post(url, ask.messages)).text();
  const cut = await post(url, ask.messages);

  expect(half.startsWith('{"model":"claude-test"')).toBe(true);
  expect(() => JSON.parse(half)).toThrow(SyntaxError);
  await expect(cut.text()).rejects.toThrow(/terminated/);
  expect(fixture.server.requests().map(({ failure, usageSent }) => [failure, usageSent])).toEqual([
    ["truncated", null],
    ["connection_cut", null],
  ]);
});

test("a client that stops reading a large body is recorded, and its usage is not counted", async () => {
  fixture.server.enqueue({ text: "x".repeat(16 * 1024 * 1024) });
  const controller = new AbortController();

  const url = `${fixture.server.url}/v1/messages`;
  const response = await post(url, ask.messages, { signal: controller.signal });
  controller.abort();

  await expect(response.text()).rejects.toThrow(/aborted/);
  const record = await fixture.server.waitForRequest(
    ({ outcome }) => outcome === "aborted_by_client",
  );
  expect(record).toMatchObject({ abortedAtChunk: 0, usageSent: null });
  expect(fixture.server.usageSent()).toEqual([]);
});

test("a chunk that never reached its client is not counted", async () => {
  fixture.server.enqueue({ chunks: ["small", "x".repeat(16 * 1024 * 1024)] });
  const controller = new AbortController();

  const url = `${fixture.server.url}/v1beta/models/m:streamGenerateContent?alt=sse`;
  const response = await post(url, { contents: [] }, { signal: controller.signal });
  // Counted while it is on its way, and taken back when it does not arrive.
  await fixture.server.waitForRequest(({ chunksSent }) => chunksSent === 2);
  controller.abort();
  await expect(response.text()).rejects.toThrow(/aborted/);
  const record = await fixture.server.waitForRequest(({ outcome }) => outcome !== "in_progress");

  expect(record).toMatchObject({ chunksSent: 1, eventsSent: 1, abortedAtChunk: 1 });
});

test("stopping ends open streams and delays at once and records why", async () => {
  const server = await startProviderServer();
  const { openai } = sdkClients(server);
  const never = barrier();
  server.enqueue({ text: "one two", gate: () => never.opened }, { delayMs: 600_000 });

  const stream = await openai.chat.completions.create({ ...ask.chat, stream: true });
  const waiting = openai.chat.completions.create(ask.chat);
  const failed = expect(waiting).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
  await server.waitForRequest(({ sequence }) => sequence === 2);
  await Promise.all([server.stop(), server.stop()]);

  await failed;
  await expect(readAll(stream)).rejects.toThrow(/terminated/);
  expect(server.requests().map(({ failure }) => failure)).toEqual([
    "server_stopped",
    "server_stopped",
  ]);
});
