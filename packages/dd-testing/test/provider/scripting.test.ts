import { expect, test } from "vitest";
import type { ScriptedReply } from "../../src/index.ts";
import { startProviderServer } from "../../src/index.ts";
import { ask, sdkClients, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer();

async function chatText(model = "gpt-test", content = "What is new?"): Promise<string | null> {
  const messages = [{ role: "user" as const, content }];
  const completion = await fixture.openai.chat.completions.create({ model, messages });
  return completion.choices[0]?.message.content ?? null;
}

test("without a script the answer echoes the last user message and counts by length", async () => {
  const message = await fixture.anthropic.messages.create({
    ...ask.messages,
    system: "Be brief.",
    messages: [
      { role: "user", content: "First" },
      { role: "assistant", content: "Yes?" },
      { role: "user", content: [{ type: "text", text: "Second" }] },
    ],
  });

  expect(message.content).toMatchObject([{ text: "Echo: Second" }]);
  // "Be brief.\nFirst\nYes?\nSecond" has 27 characters, "Echo: Second" has 12.
  expect(message.usage).toMatchObject({ input_tokens: 7, output_tokens: 3 });
});

test("queued replies answer in their order, then rules, then the echo", async () => {
  fixture.server.respond({}, { text: "rule" }, { times: 1 });
  fixture.server.enqueue({ text: "first" }, { text: "second" });

  expect([await chatText(), await chatText(), await chatText(), await chatText()]).toEqual([
    "first",
    "second",
    "rule",
    "Echo: What is new?",
  ]);
});

test("the newest matching rule answers until it is removed", async () => {
  fixture.server.respond({ provider: "openai" }, { text: "old" });
  const remove = fixture.server.respond({ model: /^gpt/ }, { text: "new" });

  const before = [await chatText("gpt-5"), await chatText("o9")];
  remove();

  expect([...before, await chatText("gpt-5")]).toEqual(["new", "old", "old"]);
});

test.each([
  [{ provider: "anthropic" }, false],
  [{ provider: "openai", endpoint: "chat.completions" }, true],
  [{ endpoint: "responses" }, false],
  [{ model: "gpt-test" }, true],
  [{ model: "gpt" }, false],
  [{ model: /GPT/i }, true],
  [{ prompt: "is new" }, true],
  [{ prompt: /^is new/ }, false],
  [{ streamed: false }, true],
  [{ streamed: true }, false],
] as const)("the pattern %o matches a chat request: %s", async (pattern, matched) => {
  fixture.server.respond(pattern, { text: "matched" });

  expect((await chatText()) === "matched").toBe(matched);
});

test("a global expression matches every time", async () => {
  fixture.server.respond({ prompt: /new/g }, { text: "matched" });

  expect([await chatText(), await chatText()]).toEqual(["matched", "matched"]);
});

test("a function sees the request and may answer later", async () => {
  fixture.server.respond(
    ({ body }) => typeof body === "object",
    async ({ lastUserText, sequence }) => ({ text: `${lastUserText} (${sequence > 0})` }),
  );

  expect(await chatText()).toBe("What is new? (true)");
});

test("a function that throws is an answer of status 500 that no SDK repeats", async () => {
  fixture.server.enqueue(() => {
    throw new Error("out of ideas");
  });

  const patient = fixture.openai.withOptions({ maxRetries: 5 });

  await expect(patient.chat.completions.create(ask.chat)).rejects.toThrow(/out of ideas/);
  expect(fixture.server.requests()).toMatchObject([
    { status: 500, failure: "script_fault", fault: "out of ideas" },
  ]);
});

test("a function that returns an invalid reply is named in the answer", async () => {
  fixture.server.enqueue(() => ({ delayMs: -1 }));

  await expect(fixture.openai.chat.completions.create(ask.chat)).rejects.toThrow(/delayMs/);
});

test("a function that returns nothing is a fault of the script, not an answer that never ends", async () => {
  const forgetful = (() => undefined) as unknown as () => ScriptedReply;
  fixture.server.enqueue(forgetful);

  await expect(fixture.openai.chat.completions.create(ask.chat)).rejects.toThrow(
    /must be an object/,
  );
});

test("scripted headers replace the usual ones, however they are spelt", async () => {
  fixture.server.enqueue({ headers: { "X-Request-ID": "mine" } });

  const { response } = await fixture.openai.chat.completions.create(ask.chat).withResponse();

  expect(response.headers.get("x-request-id")).toBe("mine");
});

test("a matcher that throws fails its request only", async () => {
  fixture.server.respond(
    () => {
      throw new Error("no match");
    },
    {},
    { times: 1 },
  );

  await expect(fixture.openai.chat.completions.create(ask.chat)).rejects.toThrow(/no match/);
  fixture.server.clear();
  expect(await chatText()).toBe("Echo: What is new?");
});

test("a gate that throws cuts the stream and is recorded", async () => {
  fixture.server.enqueue({
    text: "one two",
    gate: (chunk) => {
      if (chunk === 1) throw new Error("gate is stuck");
    },
  });

  const stream = fixture.openai.chat.completions.stream(ask.chat);

  await expect(stream.finalChatCompletion()).rejects.toThrow();
  expect(fixture.server.requests()[0]).toMatchObject({
    failure: "script_fault",
    fault: "gate is stuck",
    chunksSent: 1,
  });
});

test("an unscripted request can be an error", async () => {
  const server = await startProviderServer({ onUnscripted: "error" });
  try {
    const { openai } = sdkClients(server);
    await expect(openai.chat.completions.create(ask.chat)).rejects.toThrow(/Nothing is scripted/);
    expect(server.requests()[0]).toMatchObject({ status: 500, failure: "unscripted" });
  } finally {
    await server.stop();
  }
});

const invalid: [string, ScriptedReply][] = [
  ["delayMs", { delayMs: Number.NaN }],
  ["chunkDelayMs", { chunkDelayMs: Number.POSITIVE_INFINITY }],
  ["status", { status: 99 }],
  ["chunks", { text: "x", chunks: 0 }],
  ["truncateAfterChunks", { truncateAfterChunks: -1 }],
  ["usage.inputTokens", { usage: { inputTokens: 1.5 } }],
  ["usage.inputTokens", { usage: { inputTokens: 1, cacheReadTokens: 2 } }],
  ["usage.outputTokens", { usage: { outputTokens: 1, reasoningTokens: 2 } }],
  ["usage.cacheWriteTokens", { usage: { cacheWriteTokens: 1, cacheWriteOneHourTokens: 2 } }],
  ["error.status", { error: { status: 200 } }],
  ["error.retryAfterMs", { error: { retryAfterMs: -1 } }],
  ["midStreamError.afterChunks", { midStreamError: { afterChunks: -1 } }],
  ["Invalid character", { headers: { "x-line": "a\nb" } }],
];

test.each(invalid)("an invalid %s is refused where it is scripted", (message, reply) => {
  expect(() => fixture.server.enqueue(reply)).toThrow(message);
  expect(() => fixture.server.respond({}, reply)).toThrow(message);
});

test("an invalid reply keeps the valid ones beside it out of the queue", async () => {
  expect(() => fixture.server.enqueue({ text: "valid" }, { delayMs: -1 })).toThrow(TypeError);

  expect(await chatText()).toBe("Echo: What is new?");
});

test("the queue and the rules are bounded", () => {
  const replies = Array.from({ length: 10_000 }, () => ({}));
  fixture.server.enqueue(...replies);
  for (const reply of replies) fixture.server.respond({}, reply);

  expect(() => fixture.server.enqueue({})).toThrow(RangeError);
  expect(() => fixture.server.respond({}, {})).toThrow(RangeError);
  expect(() => fixture.server.respond({}, {}, { times: 0 })).toThrow(TypeError);
});

test("scripted objects are left as they are", async () => {
  const reply = Object.freeze({
    toolCalls: Object.freeze([Object.freeze({ name: "time", arguments: Object.freeze({}) })]),
    usage: Object.freeze({ inputTokens: 3 }),
  });
  fixture.server.respond({}, reply);

  await fixture.anthropic.messages.create(ask.messages);
  await fixture.openai.responses.create(ask.response);

  expect(fixture.server.requests().map(({ outcome }) => outcome)).toEqual([
    "completed",
    "completed",
  ]);
});

test.each([
  [2, ["abc", "def"]],
  [99, ["a", "b", "c", "d", "e", "f"]],
  [
    ["abcde", "", "f"],
    ["abcde", "f"],
  ],
  [(text: string) => [text], ["abcdef"]],
] as const)("chunks %s split a text into %o", async (chunks, expected) => {
  fixture.server.enqueue({ text: "abcdef", chunks });
  const pieces = [];

  for await (const chunk of await fixture.openai.chat.completions.create({
    ...ask.chat,
    stream: true,
  })) {
    if (chunk.choices[0]?.delta.content) pieces.push(chunk.choices[0].delta.content);
  }

  expect(pieces).toEqual(expected);
});

test("chunks alone are the text", async () => {
  fixture.server.enqueue({ chunks: ["to", "gether"] });

  expect(await chatText()).toBe("together");
});

test("chunks that do not add up to the text are a fault of the script", async () => {
  fixture.server.enqueue({ text: "abc", chunks: ["abd"] });

  await expect(fixture.openai.chat.completions.create(ask.chat)).rejects.toThrow(/add up/);
});
