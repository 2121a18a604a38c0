import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeMetricName } from "../src/index.ts";

describe("normalizeMetricName", () => {
  test("leaves a valid name as it is", () => {
    for (const name of ["a", "llm.request.count", "A_b.9", "x".repeat(200)]) {
      expect(normalizeMetricName(name)).toBe(name);
    }
  });

  test("replaces each run of other characters by one underscore", () => {
    expect(normalizeMetricName("checkout latency (ms)")).toBe("checkout_latency_ms_");
    expect(normalizeMetricName("größe")).toBe("gr_e");
  });

  test("removes what stands before the first letter", () => {
    expect(normalizeMetricName("_.9lives")).toBe("lives");
  });

  test("cuts to 200 characters", () => {
    expect(normalizeMetricName("x".repeat(201))).toBe("x".repeat(200));
    expect(normalizeMetricName(`-${"x".repeat(300)}`)).toBe("x".repeat(200));
  });

  test("gives up where no letter is found within 400 characters", () => {
    expect(normalizeMetricName("")).toBeUndefined();
    expect(normalizeMetricName("404")).toBeUndefined();
    expect(normalizeMetricName("9".repeat(401).concat("a"))).toBeUndefined();
  });

  test("gives up on what is no text", () => {
    for (const name of [undefined, null, 7, Symbol("n"), Object.create(null)]) {
      expect(normalizeMetricName(name as string)).toBeUndefined();
    }
  });

  test("yields a valid name or nothing, and changes its own result no more", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (name) => {
        const normalized = normalizeMetricName(name);
        if (normalized === undefined) return;
        expect(normalized).toMatch(/^[a-zA-Z][a-zA-Z0-9_.]{0,199}$/);
        expect(normalizeMetricName(normalized)).toBe(normalized);
      }),
    );
  });
});
