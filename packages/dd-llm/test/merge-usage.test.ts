import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeUsage } from "../src/index.ts";
import { mergeUsage } from "../src/usage/merge-usage.ts";

function normalOf(...usages: Record<string, unknown>[]) {
  let merged: Readonly<Record<string, unknown>> | undefined;
  for (const usage of usages) merged = mergeUsage(merged, usage);
  return normalizeUsage(merged);
}

const opening = {
  input_tokens: 10,
  cache_read_input_tokens: 90,
  cache_creation_input_tokens: 0,
  cache_creation: { ephemeral_1h_input_tokens: 0 },
  output_tokens: 1,
};

test.each([
  ["only the output", { output_tokens: 50 }],
  ["an input of zero", { input_tokens: 0, output_tokens: 50 }],
  ["an input of null", { input_tokens: null, cache_read_input_tokens: null, output_tokens: 50 }],
  ["the input without its cache", { input_tokens: 10, output_tokens: 50 }],
  ["everything again", { ...opening, output_tokens: 50 }],
])("Anthropic's closing usage with %s keeps what the opening one said", (_title, closing) => {
  expect(normalOf(opening, closing)).toEqual({
    inputTokens: 100,
    outputTokens: 50,
    totalTokens: 150,
    cacheReadInputTokens: 90,
    cacheWriteInputTokens: 0,
    cacheWrite1hInputTokens: 0,
  });
});

test("an input that grew during the stream is added to the cache of the opening usage", () => {
  expect(normalOf(opening, { input_tokens: 2_000, output_tokens: 5 })).toMatchObject({
    inputTokens: 2_090,
    cacheReadInputTokens: 90,
  });
});

test("Gemini's counts are cumulative and may come in any chunk", () => {
  expect(
    normalOf(
      { promptTokenCount: 8, totalTokenCount: 8 },
      { promptTokenCount: 8, thoughtsTokenCount: 20, totalTokenCount: 28 },
      { promptTokenCount: 8, candidatesTokenCount: 5, thoughtsTokenCount: 20, totalTokenCount: 33 },
    ),
  ).toEqual({
    inputTokens: 8,
    outputTokens: 25,
    totalTokens: 33,
    reasoningOutputTokens: 20,
  });
});

test("lists are taken from the last usage that has them", () => {
  expect(
    normalOf(
      { promptTokenCount: 9, promptTokensDetails: [{ modality: "AUDIO", tokenCount: 1 }] },
      { promptTokenCount: 9, promptTokensDetails: [{ modality: "AUDIO", tokenCount: 7 }] },
      { promptTokenCount: 9 },
    ),
  ).toMatchObject({ inputAudioTokens: 7 });
});

test("neither usage is changed", () => {
  const earlier = Object.freeze({ input_tokens: 1, cache_creation: Object.freeze({ a: 1 }) });
  const later = Object.freeze({ input_tokens: 2, cache_creation: Object.freeze({ a: 2 }) });

  const merged = mergeUsage(earlier, later);

  expect(merged).toMatchObject({ input_tokens: 2, cache_creation: { a: 2 } });
  expect(earlier.input_tokens).toBe(1);
});

test("a key named __proto__ is a key like any other", () => {
  const later = JSON.parse('{"__proto__":{"input_tokens":5},"output_tokens":1}');

  const merged = mergeUsage(undefined, later);

  expect(merged["input_tokens"]).toBeUndefined();
  expect(Reflect.get({}, "input_tokens")).toBeUndefined();
});

test("what is kept of a huge or deep usage is bounded", () => {
  const wide = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index]));
  let deep: Record<string, unknown> = { bottom: 1 };
  for (let level = 0; level < 50; level += 1) deep = { deep };

  expect(Object.keys(mergeUsage(undefined, wide))).toHaveLength(64);
  expect(JSON.stringify(mergeUsage(undefined, deep))).toBe('{"deep":{"deep":{}}}');
});

test("values that are no counts are left out", () => {
  expect(
    Object.keys(
      mergeUsage(undefined, { tier: "batch", nothing: null, odd: Number.NaN, below: -1, good: 0 }),
    ),
  ).toEqual(["good"]);
});

const step = fc.record(
  {
    input_tokens: fc.nat(1_000),
    cache_read_input_tokens: fc.nat(1_000),
    output_tokens: fc.nat(1_000),
  },
  { requiredKeys: [] },
);

test("property: no count of a stream ever goes down", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      let merged: Readonly<Record<string, unknown>> | undefined;
      let highest: Record<string, number> = {};
      for (const usage of steps) {
        merged = mergeUsage(merged, usage);
        for (const [key, value] of Object.entries(usage)) {
          highest = { ...highest, [key]: Math.max(highest[key] ?? 0, value) };
        }
        expect({ ...merged }).toEqual(highest);
      }
    }),
  );
});
