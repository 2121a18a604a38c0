import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isKeptAtRate,
  randomValueOf,
  rejectionThreshold,
  valueBelow,
} from "../src/sampling/trace-id-sampling.ts";

const wordOfAny = fc.oneof(
  fc.constantFrom(0n, 1n, 0xffffn, 0x1_0000n, 0xffff_ffffn),
  fc.bigInt({ min: 0n, max: 0xffff_ffffn }),
);
const identifier = fc
  .tuple(wordOfAny, wordOfAny)
  .map(([upper, lower]) => ((upper << 32n) | lower).toString(16).padStart(16, "0"));
const rate = fc.oneof(
  fc.constantFrom(0, 1e-9, 0.1, 0.5, 1 - 2 ** -53, 1, -1, 2, Number.NaN),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

/** Datadog's hash, as the specification has it. */
function hashOf(id: string): bigint {
  return BigInt.asUintN(64, BigInt(`0x${id}`) * 1_111_111_111_111_111_111n);
}

describe("a decision by the trace id", () => {
  test("follows the 64-bit hash of the lower half, whatever the upper half is", () => {
    fc.assert(
      fc.property(identifier, identifier, rate, (upper, lower, share) => {
        const isKept = Number(hashOf(lower)) <= share * Number(2n ** 64n - 1n);
        const expected = share > 0 && (share >= 1 || isKept);
        expect(isKeptAtRate(lower, share)).toBe(expected);
        expect(isKeptAtRate(upper + lower, share)).toBe(expected);
        expect(isKeptAtRate(lower.toUpperCase(), share)).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  test("has a random value of 56 bits, which is the higher the lower the hash is", () => {
    fc.assert(
      fc.property(identifier, (id) => {
        const expected = (2n ** 64n - 1n - hashOf(id)) >> 8n;
        expect(randomValueOf(id)).toBe(expected.toString(16).padStart(14, "0"));
      }),
      { numRuns: 1_000 },
    );
  });

  test("has a threshold that stands for the share which is not kept, also when rates take turns", () => {
    fc.assert(
      fc.property(rate, rate, (one, other) => {
        for (const share of [one, other, one]) {
          const digits = rejectionThreshold(share);
          expect(digits).toMatch(/^[0-9a-f]{14}$/);
          const kept = 1 - Number(BigInt(`0x${digits}`)) / 2 ** 56;
          const expected = share > 0 ? Math.min(share, 1) : 0;
          expect(Math.abs(kept - expected)).toBeLessThan(1e-15);
        }
      }),
    );
  });

  test.each([
    ["00000000000001", "00000000000000"],
    ["10000000000000", "0fffffffffffff"],
    ["00000000000000", "00000000000000"],
  ])("below %s is %s", (threshold, below) => {
    expect(valueBelow(threshold)).toBe(below);
  });
});
