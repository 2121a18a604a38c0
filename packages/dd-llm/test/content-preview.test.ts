import fc from "fast-check";
import { expect, test } from "vitest";
import { contentPreview } from "../src/content/content-preview.ts";
import { contentHash, writeContentTags } from "../src/content/content-tags.ts";
import { realTracing } from "./support/clients.ts";
import { testFoundation } from "./support/foundation.ts";

const { guard } = testFoundation();

test("a text that fits is shown whole", () => {
  expect(contentPreview("hello", 5, guard)).toBe("hello");
});

test("a longer text is cut to the limit", () => {
  expect(contentPreview("hello world", 5, guard)).toBe("hello");
});

test("a surrogate pair is never cut", () => {
  expect(contentPreview("ab😀", 3, guard)).toBe("ab");
  expect(contentPreview("ab😀", 4, guard)).toBe("ab😀");
});

test("a secret that the cut would halve is redacted whole", () => {
  const secret = "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKl";
  const text = `${"x ".repeat(40)}${secret} and more text`;

  for (let limit = 81; limit < 81 + secret.length; limit += 1) {
    expect(contentPreview(text, limit, guard)).not.toContain("sk-ant");
  }
});

test("property: a preview is never longer than its limit and well-formed", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      (text, limit) => {
        const preview = contentPreview(text, limit, guard);

        expect(preview.length).toBeLessThanOrEqual(limit);
        expect(preview.isWellFormed()).toBe(true);
      },
    ),
  );
});

test("only a small part of a huge text is looked at", () => {
  const lengths: number[] = [];
  const counting = Object.create(guard, {
    text: {
      value: (text: string) => {
        lengths.push(text.length);
        return text;
      },
    },
  });

  contentPreview("x".repeat(5_000_000), 500, counting);

  expect(lengths).toEqual([8_692]);
});

test("equal texts have equal hashes of 128 bits, which a key changes", () => {
  // SHA-256 of "hello", and HMAC-SHA-256 of it under the key "key".
  expect(contentHash("hello", undefined)).toBe("2cf24dba5fb0a30e26e83b2ac5b9e29e");
  expect(contentHash("hello", "key")).toBe("9307b3b915efb5171ff14d8cb55fbcc7");
  expect(contentHash("hello!", undefined)).not.toBe(contentHash("hello", undefined));
});

test("the mode none writes no tag of a text", () => {
  const span = realTracing().startSpan("call");

  writeContentTags(
    span,
    "prompt",
    "secret",
    {
      mode: "none",
      previewLength: 5,
      hashKey: undefined,
      kinds: {},
      parts: {},
      sampling: undefined,
    },
    guard,
  );

  for (const name of ["length", "hash", "preview", "truncated"]) {
    expect(span.getTag(`llm.prompt_${name}`)).toBeUndefined();
  }
  span.finish();
});
