import fc from "fast-check";
import { expect, test } from "vitest";
import { cutToBytes, cutToLength } from "../src/text-limits.ts";

test("a text within the bytes is returned as it is", () => {
  expect(cutToBytes("größe", 7)).toBe("größe");
  expect(cutToBytes("\uFEFFa", 100)).toBe("\uFEFFa");
});

test("a text is cut before the character that no longer fits", () => {
  expect(cutToBytes("größe", 6)).toBe("größ");
  expect(cutToBytes("a😀b", 4)).toBe("a");
  expect(cutToBytes("\uFEFFabc", 4)).toBe("\uFEFFa");
  expect(cutToBytes("abc", 0)).toBe("");
});

test("a surrogate pair at the limit is left out as a whole", () => {
  expect(cutToLength("ab😀", 3)).toBe("ab");
  expect(cutToLength("ab😀", 4)).toBe("ab😀");
  expect(cutToLength("abc", 3)).toBe("abc");
  expect(cutToLength("abcd", 3)).toBe("abc");
});

test("what is cut is a beginning of the text and fits", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(60), (text, maximum) => {
      const bytes = cutToBytes(text, maximum);
      const length = cutToLength(text, maximum);

      expect(text.startsWith(bytes)).toBe(true);
      expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(maximum);
      expect(text.startsWith(length)).toBe(true);
      expect(length.length).toBeLessThanOrEqual(maximum);
    }),
  );
});
