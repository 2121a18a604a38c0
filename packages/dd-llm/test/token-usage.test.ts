import { expect, test } from "vitest";
import { combineUsage, sumOfCounts } from "../src/usage/token-usage.ts";

test("later counts replace earlier ones and the total is found anew", () => {
  expect(
    combineUsage(
      { inputTokens: 10, outputTokens: 5, totalTokens: 15, cacheReadInputTokens: 4 },
      { outputTokens: 20 },
    ),
  ).toEqual({ inputTokens: 10, outputTokens: 20, totalTokens: 30, cacheReadInputTokens: 4 });
  expect(
    combineUsage({ inputTokens: 10, outputTokens: 5, totalTokens: 15 }, { inputTokens: 1 }),
  ).toEqual({ inputTokens: 1, outputTokens: 5, totalTokens: 6 });
});

test("a provider's own total stays while its parts do", () => {
  expect(
    combineUsage(
      { inputTokens: 10, outputTokens: 5, totalTokens: 99 },
      { cacheReadInputTokens: 3 },
    ),
  ).toEqual({ inputTokens: 10, outputTokens: 5, totalTokens: 99, cacheReadInputTokens: 3 });
  expect(combineUsage({ totalTokens: 99 }, { totalTokens: 100 })).toEqual({ totalTokens: 100 });
});

test("parts that outgrew a replaced whole are held to it", () => {
  expect(
    combineUsage(
      { inputTokens: 100, cacheReadInputTokens: 90, cacheWriteInputTokens: 10 },
      { inputTokens: 50 },
    ),
  ).toEqual({ inputTokens: 50, cacheReadInputTokens: 50, cacheWriteInputTokens: 0 });
});

test("a sum of nothing is nothing, not zero", () => {
  expect(sumOfCounts(undefined, undefined)).toBeUndefined();
  expect(sumOfCounts(undefined, 0)).toBe(0);
  expect(sumOfCounts(1, undefined, 2)).toBe(3);
});
