import { describe, expect, it } from "vitest";
import { TextMemo, textFingerprint } from "../src/engine/text-memo.ts";

function offer(memo: TextMemo<number>, text: string, result: number): void {
  memo.offer(text, textFingerprint(text), result);
}

function get(memo: TextMemo<number>, text: string): number | undefined {
  return memo.get(text, textFingerprint(text));
}

describe("TextMemo", () => {
  it("keeps a text only from its second appearance on", () => {
    const memo = new TextMemo<number>(8, 1000);

    offer(memo, "some text", 1);
    expect(get(memo, "some text")).toBe(undefined);
    offer(memo, "some text", 1);
    expect(get(memo, "some text")).toBe(1);
  });

  it("compares whole texts, not fingerprints", () => {
    const memo = new TextMemo<number>(8, 1000);
    const text = `aaaa${"b".repeat(100)}`;
    const twin = `aaaa${"b".repeat(50)}c${"b".repeat(49)}`;
    offer(memo, text, 1);
    offer(memo, text, 1);

    expect(memo.get(twin, textFingerprint(text))).toBe(undefined);
  });

  it("forgets everything when it holds too many characters", () => {
    const memo = new TextMemo<number>(64, 100);
    const texts = Array.from({ length: 12 }, (_, index) => `${index}`.repeat(5).padEnd(20, "x"));

    for (const text of texts) {
      offer(memo, text, 1);
      offer(memo, text, 1);
    }

    expect(texts.filter((text) => get(memo, text) !== undefined).length).toBeLessThanOrEqual(5);
  });

  it("does not keep a text that would fill a quarter of it", () => {
    const memo = new TextMemo<number>(8, 100);
    offer(memo, "y".repeat(26), 1);
    offer(memo, "y".repeat(26), 1);

    expect(get(memo, "y".repeat(26))).toBe(undefined);
  });
});
