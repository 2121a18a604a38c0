import fc from "fast-check";
import { expect, test } from "vitest";
import { withinBytes } from "../src/tracing/annotation-size.ts";
import { portableSessionId } from "../src/tracing/session-id.ts";

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? "", "utf8");

test("whatever is too large is brought within the limit, whatever fits stays the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 600, max: 5_000 }), (value, limit) => {
      const shown = withinBytes(value, limit);

      expect(bytes(shown)).toBeLessThanOrEqual(
        Math.max(limit, bytes(value) <= limit ? bytes(value) : 0),
      );
      if (bytes(value) <= limit) expect(shown).toBe(value);
    }),
  );
});

test("texts of the costliest characters are brought within the limit", () => {
  for (const character of ["\u0001", "é", "\ud83d\ude00", '"', "\\"]) {
    expect(bytes(withinBytes(character.repeat(10_000), 2_000))).toBeLessThanOrEqual(2_000);
  }
});

test("the newest messages stay, and a note says how many are missing", () => {
  const messages = Array.from({ length: 30 }, (_, index) => ({
    role: "user",
    content: `${index} ${"x".repeat(100)}`,
  }));

  const shown = withinBytes(messages, 1_000) as { role: string; content: string }[];

  expect(shown.at(-1)).toEqual(messages.at(-1));
  expect(shown[0]?.role).toBe("system");
  expect(shown[0]?.content).toBe(`[${30 - shown.length + 1} earlier entries left out: too large]`);
});

test("one message that is too large alone keeps its role and its beginning", () => {
  const shown = withinBytes([{ role: "user", content: `start ${"x".repeat(5_000)}` }], 1_000);

  expect(shown).toEqual([{ role: "user", content: expect.stringMatching(/^start x+.*truncated/) }]);
});

test("a session id travels, or is replaced by one that does, the same one each time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (id) => {
      const portable = portableSessionId(id);

      expect(portable).toMatch(/^[\x20-\x2b\x2d-\x7e]{0,128}$/);
      expect(portableSessionId(id)).toBe(portable);
      expect(portableSessionId(portable)).toBe(portable);
    }),
  );
});

test("the usual ids are not touched", () => {
  for (const id of [
    "session-1",
    "3f2b7d1e-8a6c-4a52-9f0e-1b2c3d4e5f60",
    "user@example.com/7",
    "x".repeat(128),
  ]) {
    expect(portableSessionId(id)).toBe(id);
  }
});
