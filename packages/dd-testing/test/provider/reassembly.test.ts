import fc from "fast-check";
import { expect, test } from "vitest";
import type { TokenUsage } from "../../src/index.ts";
import { splitEvery, splitInto, splitWords } from "../../src/provider/split-text.ts";
import { tokenUsage } from "../../src/provider/token-usage.ts";
import { ask, useProviderServer } from "./provider-fixture.ts";

const fixture = useProviderServer();

// Each run is three or four HTTP exchanges on the loopback interface.
const runs = { numRuns: 40 };

const anyText = fc.string({ unit: "binary", maxLength: 60 });

/** A text and its pieces, split at arbitrary points, surrogate pairs included. */
const splitTexts = fc
  .tuple(anyText, fc.array(fc.nat({ max: 120 }), { maxLength: 8 }))
  .map(([text, points]) => {
    const cuts = [0, ...points.map((point) => point % (text.length + 1)), text.length];
    cuts.sort((left, right) => left - right);
    const chunks = cuts.slice(1).map((end, index) => text.slice(cuts[index], end));
    return { text, chunks };
  });

const usages = fc
  .record({
    fresh: fc.nat(1e9),
    cacheReadTokens: fc.nat(1e9),
    fiveMinutes: fc.nat(1e9),
    cacheWriteOneHourTokens: fc.nat(1e9),
    visible: fc.nat(1e9),
    reasoningTokens: fc.nat(1e9),
  })
  .map((parts) =>
    tokenUsage({
      cacheReadTokens: parts.cacheReadTokens,
      cacheWriteTokens: parts.fiveMinutes + parts.cacheWriteOneHourTokens,
      cacheWriteOneHourTokens: parts.cacheWriteOneHourTokens,
      reasoningTokens: parts.reasoningTokens,
      inputTokens:
        parts.fresh + parts.cacheReadTokens + parts.fiveMinutes + parts.cacheWriteOneHourTokens,
      outputTokens: parts.visible + parts.reasoningTokens,
    }),
  );

const replies = fc.record({ content: splitTexts, thinking: splitTexts, usage: usages });
type Reply = typeof replies extends fc.Arbitrary<infer Value> ? Value : never;

function script({ content, thinking, usage }: Reply): void {
  fixture.server.clear();
  fixture.server.enqueue({
    text: content.text,
    chunks: content.chunks,
    thinking: thinking.text,
    thinkingChunks: thinking.chunks,
    usage,
  });
}

function lastUsageSent(): TokenUsage | null | undefined {
  return fixture.server.requests().at(-1)?.usageSent;
}

test("the Anthropic SDK reassembles text, thinking and counts from any pieces", async () => {
  await fc.assert(
    fc.asyncProperty(replies, async (reply) => {
      script(reply);

      const message = await fixture.anthropic.messages.stream(ask.messages).finalMessage();

      const text = message.content.find((block) => block.type === "text")?.text ?? "";
      const thinking = message.content.find((block) => block.type === "thinking")?.thinking ?? "";
      expect([text, thinking]).toEqual([reply.content.text, reply.thinking.text]);
      const { usage } = message;
      const read = usage.cache_read_input_tokens ?? 0;
      const written = usage.cache_creation_input_tokens ?? 0;
      const told = tokenUsage({
        inputTokens: usage.input_tokens + read + written,
        cacheReadTokens: read,
        cacheWriteTokens: written,
        cacheWriteOneHourTokens: usage.cache_creation?.ephemeral_1h_input_tokens ?? 0,
        outputTokens: usage.output_tokens,
        reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
      });
      expect(told).toEqual(reply.usage);
      expect(lastUsageSent()).toEqual(reply.usage);
    }),
    runs,
  );
});

test("the OpenAI SDK reassembles text and counts from any pieces, in both its formats", async () => {
  await fc.assert(
    fc.asyncProperty(replies, async (reply) => {
      const expected = { ...reply.usage, cacheWriteOneHourTokens: 0 };
      script(reply);
      const completion = await fixture.openai.chat.completions
        .stream({ ...ask.chat, stream_options: { include_usage: true } })
        .finalChatCompletion();

      // The SDK makes null of a text without a character.
      expect(completion.choices[0]?.message.content ?? "").toBe(reply.content.text);
      expect(completion.usage).toMatchObject({
        prompt_tokens: reply.usage.inputTokens,
        completion_tokens: reply.usage.outputTokens,
        prompt_tokens_details: { cached_tokens: reply.usage.cacheReadTokens },
        completion_tokens_details: { reasoning_tokens: reply.usage.reasoningTokens },
      });
      expect(lastUsageSent()).toEqual(expected);

      script(reply);
      const response = await fixture.openai.responses.stream(ask.response).finalResponse();

      expect(response.output_text).toBe(reply.content.text);
      expect(response.usage).toMatchObject({
        input_tokens: reply.usage.inputTokens,
        input_tokens_details: {
          cached_tokens: reply.usage.cacheReadTokens,
          cache_write_tokens: reply.usage.cacheWriteTokens,
        },
        output_tokens: reply.usage.outputTokens,
        output_tokens_details: { reasoning_tokens: reply.usage.reasoningTokens },
      });
      expect(lastUsageSent()).toEqual(expected);
    }),
    runs,
  );
});

test("the Gemini SDK reassembles text, thoughts and counts from any pieces", async () => {
  await fc.assert(
    fc.asyncProperty(replies, async (reply) => {
      script(reply);
      const texts = { answer: "", thoughts: "" };
      let told: Partial<Record<string, unknown>> | undefined;

      for await (const chunk of await fixture.gemini.models.generateContentStream(ask.gemini)) {
        for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
          texts[part.thought ? "thoughts" : "answer"] += part.text ?? "";
        }
        told = { ...chunk.usageMetadata };
      }

      expect(texts).toEqual({ answer: reply.content.text, thoughts: reply.thinking.text });
      const { usage } = reply;
      expect(told?.["promptTokenCount"]).toBe(usage.inputTokens);
      expect(told?.["cachedContentTokenCount"] ?? 0).toBe(usage.cacheReadTokens);
      expect(told?.["thoughtsTokenCount"] ?? 0).toBe(usage.reasoningTokens);
      expect(told?.["candidatesTokenCount"] ?? 0).toBe(usage.outputTokens - usage.reasoningTokens);
      expect(told?.["totalTokenCount"]).toBe(usage.inputTokens + usage.outputTokens);
      expect(lastUsageSent()).toEqual({
        ...usage,
        cacheWriteTokens: 0,
        cacheWriteOneHourTokens: 0,
      });
    }),
    runs,
  );
});

test("tool arguments survive any split in the formats that stream them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(9), async (args, count) => {
      fixture.server.clear();
      const call = { name: "tool", arguments: args, chunks: count + 1 };
      fixture.server.respond({}, { toolCalls: [call, call] });

      const message = await fixture.anthropic.messages.stream(ask.messages).finalMessage();
      const completion = await fixture.openai.chat.completions
        .stream(ask.chat)
        .finalChatCompletion();

      // JSON knows no negative zero and no own __proto__ in a literal: compare what JSON carries.
      const expected = [args, args].map((value) => JSON.stringify(value));
      const inputs = message.content.map((block) =>
        block.type === "tool_use" ? JSON.stringify(block.input) : "",
      );
      const calls = completion.choices[0]?.message.tool_calls?.map((item) =>
        item.type === "function" ? item.function.arguments : "",
      );
      expect(inputs.map((input) => JSON.parse(input))).toEqual(
        expected.map((text) => JSON.parse(text)),
      );
      expect(calls).toEqual(expected);
    }),
    runs,
  );
});

test("every way to split a text adds up to it and makes no empty piece", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 50 }), (text, size) => {
      for (const pieces of [splitWords(text), splitEvery(text, size), splitInto(text, size)]) {
        expect(pieces.join("")).toBe(text);
        expect(pieces).not.toContain("");
      }
      expect(splitInto(text, size).length).toBeLessThanOrEqual(size);
    }),
  );
});
