import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readChunk, readModelOutput } from "../../src/formats/read-output.ts";
import { normalizeUsage } from "../../src/index.ts";

describe("a part of a stream", () => {
  test.each([
    ["specification 1", { type: "text-delta", textDelta: "Hi" }],
    ["specification 2 to 4", { type: "text-delta", id: "1", delta: "Hi" }],
    ["fullStream", { type: "text-delta", id: "1", text: "Hi" }],
  ])("has its text in %s", (_name, part) => {
    expect(readChunk(part)).toEqual({ textDelta: "Hi", hasContent: true });
  });

  test("reasoning and pieces of tool calls are content, markers are not", () => {
    const isContent = (part: object) => readChunk(part).hasContent === true;

    expect(isContent({ type: "reasoning-delta", id: "1", delta: "hm" })).toBe(true);
    expect(isContent({ type: "tool-input-delta", id: "1", delta: "{" })).toBe(true);
    expect(isContent({ type: "stream-start", warnings: [] })).toBe(false);
    expect(isContent({ type: "text-start", id: "1" })).toBe(false);
    expect(isContent({ type: "text-delta", id: "1", delta: "" })).toBe(false);
  });

  test("a failure is one", () => {
    expect(readChunk({ type: "error", error: new Error("overloaded") }).failure).toMatchObject({
      message: "overloaded",
    });
  });
});

describe("usage", () => {
  const counted = { inputTokens: 120, outputTokens: 30, cacheReadInputTokens: 100 };

  test.each([
    [
      "specification 1 of Anthropic, without the cache",
      {
        usage: { promptTokens: 20, completionTokens: 30 },
        providerMetadata: { anthropic: { cacheReadInputTokens: 100 } },
      },
    ],
    [
      "specification 1 of OpenAI, with the cache",
      {
        usage: { promptTokens: 120, completionTokens: 30 },
        providerMetadata: { openai: { cachedPromptTokens: 100 } },
      },
    ],
    [
      "specification 2 of Anthropic, without the cache",
      {
        usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50, cachedInputTokens: 100 },
        providerMetadata: { anthropic: { cacheCreationInputTokens: 0 } },
      },
    ],
    [
      "specification 2 of Amazon Bedrock, without the cache",
      {
        usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50 },
        providerMetadata: { bedrock: { usage: { cacheReadInputTokens: 100 } } },
      },
    ],
    [
      "specification 2 of OpenAI, with the cache",
      { usage: { inputTokens: 120, outputTokens: 30, totalTokens: 150, cachedInputTokens: 100 } },
    ],
    [
      "specification 3 and 4, with the cache",
      {
        usage: {
          inputTokens: { total: 120, noCache: 20, cacheRead: 100 },
          outputTokens: { total: 30, text: 30, reasoning: undefined },
        },
      },
    ],
    [
      "a result of generateText in AI SDK 7",
      {
        usage: {
          inputTokens: 120,
          inputTokenDetails: { noCacheTokens: 20, cacheReadTokens: 100 },
          outputTokens: 30,
          totalTokens: 150,
        },
        providerMetadata: { anthropic: { cacheReadInputTokens: 100 } },
      },
    ],
  ])("is the same in %s", (_name, facts) => {
    const part = { type: "finish", finishReason: "stop", ...facts };

    expect(normalizeUsage(readChunk(part).usage)).toMatchObject(counted);
    expect(readModelOutput({ text: "Hi", ...part, type: undefined }).usage).toMatchObject(counted);
  });

  test("a count that a model does not know is left out", () => {
    const part = { type: "finish", usage: { promptTokens: Number.NaN, completionTokens: 3 } };

    expect(normalizeUsage(readChunk(part).usage)).toEqual({ outputTokens: 3 });
  });
});

test("no part and no result makes reading throw", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("text-delta", "tool-call", "finish", "finish-step", "tool-input-start"),
      fc.dictionary(
        fc.constantFrom("usage", "finishReason", "toolCallId", "args", "delta", "providerMetadata"),
        fc.anything(),
      ),
      (type, part) => {
        readChunk({ ...part, type });
        readModelOutput(part);
      },
    ),
    { numRuns: 300 },
  );
});
