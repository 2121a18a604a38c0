import fc from "fast-check";
import { expect, test } from "vitest";
import { type TokenBuckets, tokenBuckets } from "../src/usage/token-buckets.ts";
import { completeUsage } from "../src/usage/token-usage.ts";

const none: TokenBuckets = {
  input: 0,
  inputAudio: 0,
  inputImage: 0,
  cacheRead: 0,
  cacheReadAudio: 0,
  cacheReadImage: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 0,
  outputReasoning: 0,
  outputAudio: 0,
  outputImage: 0,
  outputCitation: 0,
};

test("nothing known is nothing in every bucket", () => {
  expect(tokenBuckets({})).toEqual(none);
});

test("what the provider says of each modality is taken as it is", () => {
  const usage = {
    inputTokens: 1_000,
    inputAudioTokens: 300,
    inputImageTokens: 400,
    cacheReadInputTokens: 500,
    cacheReadAudioInputTokens: 200,
    cacheReadImageInputTokens: 100,
    cacheWriteInputTokens: 60,
    cacheWrite1hInputTokens: 20,
    outputTokens: 100,
    reasoningOutputTokens: 10,
    outputAudioTokens: 20,
    outputImageTokens: 30,
  };

  expect(tokenBuckets(usage)).toEqual({
    input: 440 - 100 - 300,
    inputAudio: 100,
    inputImage: 300,
    cacheRead: 200,
    cacheReadAudio: 200,
    cacheReadImage: 100,
    cacheWrite: 40,
    cacheWrite1h: 20,
    output: 40,
    outputReasoning: 10,
    outputAudio: 20,
    outputImage: 30,
    outputCitation: 0,
  });
});

test("no more audio and images are taken as cached than must be", () => {
  const usage = { inputTokens: 1_000, inputAudioTokens: 500, inputImageTokens: 450 };

  // Of 950 tokens that are audio or images only 800 are uncached.
  expect(tokenBuckets({ ...usage, cacheReadInputTokens: 200 })).toMatchObject({
    input: 0,
    inputAudio: 500,
    inputImage: 300,
    cacheRead: 50,
    cacheReadImage: 150,
  });
});

test("for any counts the buckets do not overlap, are not negative, and add up to input and output", () => {
  const count = fc.option(fc.nat(10_000), { nil: undefined });
  const counts = fc.record({
    inputTokens: count,
    outputTokens: count,
    cacheReadInputTokens: count,
    cacheWriteInputTokens: count,
    cacheWrite5mInputTokens: count,
    cacheWrite1hInputTokens: count,
    reasoningOutputTokens: count,
    inputAudioTokens: count,
    cacheReadAudioInputTokens: count,
    outputAudioTokens: count,
    inputImageTokens: count,
    cacheReadImageInputTokens: count,
    outputImageTokens: count,
  });

  fc.assert(
    fc.property(counts, fc.boolean(), (draft, isComplete) => {
      const usage = isComplete ? completeUsage(draft) : (draft as object);

      const buckets: TokenBuckets = tokenBuckets(usage);

      const { output, outputReasoning, outputAudio, outputImage, ...input } = buckets;
      const sum = (parts: object) => Object.values(parts).reduce((left, right) => left + right, 0);
      expect(Math.min(...Object.values(buckets))).toBeGreaterThanOrEqual(0);
      expect(sum(input)).toBe(draft.inputTokens ?? 0);
      expect(sum({ output, outputReasoning, outputAudio, outputImage })).toBe(
        draft.outputTokens ?? 0,
      );
    }),
    { numRuns: 500 },
  );
});
