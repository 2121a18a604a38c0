import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRetryAfter, retryDelay } from "../../src/agent-link/retry-delay.ts";

const limits = { baseMs: 100, capMs: 1_000 };

describe("the pause before a retry", () => {
  test("doubles its upper bound with every failure, up to the cap", () => {
    const bounds = [1, 2, 3, 4, 5, 6, 1_000].map((failures) => retryDelay(failures, limits, 1));

    expect(bounds).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  test("has full jitter: it lies anywhere from nothing to its upper bound", () => {
    expect(retryDelay(3, limits, 0)).toBe(0);
    expect(retryDelay(3, limits, 0.5)).toBe(200);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-21T10:00:00Z");

  test.each([
    ["0", 0],
    ["3", 3_000],
    [" 3 ", 3_000],
    ["Sat, 21 Nov 2026 10:00:05 GMT", 5_000],
    ["Sat, 21 Nov 2026 09:00:00 GMT", 0],
    ["86400", 60_000],
    ["99999999999999999999999", 60_000],
    ["", undefined],
    [undefined, undefined],
    ["soon", undefined],
    ["-1 potato", undefined],
  ])("%o means %o ms", (value, pause) => {
    expect(parseRetryAfter(value, now)).toBe(pause);
  });

  test("never asks for more than a minute, nor for less than nothing", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const pause = parseRetryAfter(value, now) ?? 0;
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(60_000);
      }),
    );
  });
});
