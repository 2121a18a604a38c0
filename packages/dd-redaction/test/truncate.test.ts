import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { truncate } from "../src/index.ts";

describe("truncate", () => {
  it("returns the same string when it fits", () => {
    expect(truncate("abc", 3)).toBe("abc");
    expect(truncate("abc", Number.POSITIVE_INFINITY)).toBe("abc");
  });

  it("says how many characters it cut", () => {
    const output = truncate("a".repeat(100), 50);

    const [, kept, cut] = /^(a*)\.\.\.\[truncated (\d+) characters\]$/.exec(output) ?? [];
    expect((kept ?? "").length + Number(cut)).toBe(100);
    expect(output.length).toBeLessThanOrEqual(50);
  });

  it("only cuts when there is no room to say so", () => {
    expect(truncate("a".repeat(100), 10)).toBe("a".repeat(10));
    expect(truncate("abc", 0)).toBe("");
    expect(truncate("abc", -5)).toBe("");
    expect(truncate("abc", Number.NaN)).toBe("");
  });

  it("never exceeds the limit, cuts a pair, or leaves half a label", () => {
    const piece = fc.constantFrom(
      "a",
      "🙂",
      "é",
      "[EMAIL_REDACTED]",
      "[EMAIL:0123456789abcdef]",
      "[",
      "日本",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.nat(200),
        fc.constantFrom("characters" as const, "bytes" as const),
        (pieces, limit, unit) => {
          const text = pieces.join("");
          const output = truncate(text, limit, { unit });
          const size = unit === "bytes" ? Buffer.byteLength(output) : output.length;
          expect(size).toBeLessThanOrEqual(limit);
          expect(output.isWellFormed()).toBe(true);
          const kept = output.replace(/\.\.\.\[truncated \d+ characters\]$/, "");
          expect(text.startsWith(kept)).toBe(true);
          expect(kept).not.toMatch(/\[EMAIL[^\]]*$/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("counts bytes as UTF-8 when asked to", () => {
    expect(truncate("éé", 4, { unit: "bytes" })).toBe("éé");
    expect(truncate("ééé", 5, { unit: "bytes" })).toBe("éé");
    expect(truncate("🙂🙂", 7, { unit: "bytes" })).toBe("🙂");
  });
});
