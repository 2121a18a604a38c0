import { FunctionCallingConfigMode, type GenerateContentResponse } from "@google/genai";
import { expect, test } from "vitest";
import { ask, post, readAll, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer();

const everything = {
  thinking: "Two things are wanted.",
  text: "Both, one moment.",
  toolCalls: [{ name: "weather", arguments: { city: "Paris" } }, { name: "time" }],
  usage: {
    inputTokens: 1000,
    toolUsePromptTokens: 100,
    cacheReadTokens: 600,
    outputTokens: 90,
    reasoningTokens: 40,
  },
};

const everythingOnTheWire = {
  promptTokenCount: 900,
  toolUsePromptTokenCount: 100,
  cachedContentTokenCount: 600,
  candidatesTokenCount: 50,
  thoughtsTokenCount: 40,
  totalTokenCount: 1090,
};

function partsOf(response: GenerateContentResponse) {
  return response.candidates?.[0]?.content?.parts ?? [];
}

test("a response carries thoughts, text, function calls and every count", async () => {
  fixture.server.enqueue(everything);

  const response = await fixture.gemini.models.generateContent(ask.gemini);

  expect(partsOf(response).slice(0, 2)).toEqual([
    { text: everything.thinking, thought: true },
    { text: everything.text },
  ]);
  expect(response.functionCalls).toEqual([
    { name: "weather", args: { city: "Paris" } },
    { name: "time", args: {} },
  ]);
  expect(response.usageMetadata).toMatchObject(everythingOnTheWire);
  expect(response.candidates?.[0]?.finishReason).toBe("STOP");
  expect(response.modelVersion).toBe("gemini-test");
});

test("a stream adds up to the same content, and its last counts are the final ones", async () => {
  fixture.server.enqueue(everything);
  const chunks: GenerateContentResponse[] = [];

  const stream = await fixture.gemini.models.generateContentStream(ask.gemini);
  for await (const chunk of stream) chunks.push(chunk);

  const parts = chunks.flatMap(partsOf);
  const join = (thought: boolean): string =>
    parts
      .filter((part) => (part.thought ?? false) === thought)
      .map((part) => part.text ?? "")
      .join("");
  expect([join(true), join(false)]).toEqual([everything.thinking, everything.text]);
  expect(chunks.flatMap((chunk) => chunk.functionCalls ?? [])).toHaveLength(2);
  expect(chunks.at(-1)?.usageMetadata).toMatchObject(everythingOnTheWire);
  expect(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason).filter(Boolean)).toEqual([
    "STOP",
  ]);
});

test("counts in a stream never fall and never pass the final ones", async () => {
  fixture.server.enqueue({ text: "one two three four", usage: { outputTokens: 10 } });
  const totals: number[] = [];

  const stream = await fixture.gemini.models.generateContentStream(ask.gemini);
  for await (const chunk of stream) totals.push(chunk.usageMetadata?.totalTokenCount ?? -1);

  expect(totals).toEqual([5, 7, 9, 11, 13]);
});

test("a stream without alt=sse is one JSON array", async () => {
  fixture.server.enqueue({ text: "one two" });

  const path = "/v1beta/models/gemini-test:streamGenerateContent";
  const response = await post(fixture.server.url + path, { contents: [] });
  const chunks = (await response.json()) as GenerateContentResponse[];

  expect(chunks.map((chunk) => partsOf(chunk)[0]?.text)).toEqual(["one", " two", ""]);
});

test("a chat keeps the history of what was streamed", async () => {
  fixture.server.enqueue({ text: "Nice to meet you" }, { text: "Of course" });
  const chat = fixture.gemini.chats.create({ model: "gemini-test" });

  // Only a stream read to its end enters the history.
  await readAll(await chat.sendMessageStream({ message: "I am Ada" }));
  await chat.sendMessage({ message: "Remember me?" });

  expect(fixture.server.requests()[1]?.inputText).toContain("Nice");
  expect(chat.getHistory()).toHaveLength(8);
});

test("the instructions and tools of a request arrive in its record", async () => {
  await fixture.gemini.models.generateContent({
    ...ask.gemini,
    config: {
      systemInstruction: "Be brief.",
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
    },
  });

  expect(fixture.server.requests()[0]).toMatchObject({
    provider: "gemini",
    endpoint: "generateContent",
    model: "gemini-test",
    inputText: "Be brief.\nWhat is new?",
    lastUserText: "What is new?",
  });
});

test.each([
  ["length", "MAX_TOKENS"],
  ["content_filter", "SAFETY"],
  ["RECITATION", "RECITATION"],
])("finish reason %s is %s", async (finishReason, wire) => {
  fixture.server.enqueue({ text: "…", finishReason });

  const response = await fixture.gemini.models.generateContent(ask.gemini);

  expect(response.candidates?.[0]?.finishReason).toBe(wire);
});
