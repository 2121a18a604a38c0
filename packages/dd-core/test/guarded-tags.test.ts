import { createRedactor } from "@llmdevops/dd-redaction";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Diagnostics, silentLogger, TagGuard } from "../src/index.ts";
import { copySmall, type GuardedTags, guardedTags as guardedBy } from "../src/span/guarded-tags.ts";

const diagnostics = new Diagnostics(silentLogger, undefined);
const guard = new TagGuard(createRedactor(), diagnostics);
const environment = { guard, diagnostics };
const guardedTags = (from: typeof environment, given: unknown): GuardedTags =>
  guardedBy(from, given, copySmall);
const secret = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEF-AA";

const value = fc.oneof(
  fc.constantFrom<unknown>("eu", "free", "", secret, `mail ada@example.com`, "hunter2"),
  fc.constantFrom<unknown>(1, 0, -1.5, Number.NaN, true, false, null, undefined, 12n),
  fc.constantFrom<unknown>({ note: secret }, [1, "two"], new Date(0)),
);
const tagsOfAnyOrder = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom("a", "b", "region", "env", "service.name", "password", "x ada@example.com"),
      value,
    ),
    { selector: ([key]) => key },
  )
  .map((entries) => Object.fromEntries(entries));

/** Each tag for itself, by a guard that remembers nothing. */
function oneByOne(given: object): Record<string, unknown> {
  const fresh = new TagGuard(createRedactor(), diagnostics);
  const tags: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(given)) fresh.writeTag(tags, key, item);
  return tags;
}

test("the tags of a span are those that come of guarding each for itself, whatever came before", () => {
  fc.assert(
    fc.property(tagsOfAnyOrder, (given) => {
      const before = { ...given };

      expect(guardedTags(environment, given).tags).toEqual(oneByOne(given));
      expect(given).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

test("tags say what is to be done where one of six is among them, or where they had to be rebuilt", () => {
  const instructing = ["service", "service.name", "error", "manual.keep", "manual.drop"];
  const keys = fc.constantFrom(...instructing, "sampling.priority", "a", "env", "span.type");
  const values = fc.constantFrom("eu", "free", 1, true);
  fc.assert(
    fc.property(fc.dictionary(keys, values, { maxKeys: 3 }), (given) => {
      const isAmong = [...instructing, "sampling.priority"].some((key) => key in given);
      expect(guardedTags(environment, given).instructs).toBe(isAmong);
      expect(guardedTags(environment, { ...given, rebuilt: {} }).instructs).toBe(true);
    }),
  );
  expect(guardedTags(environment, undefined)).toEqual({ tags: {}, instructs: false });
});

test("an enumerable property of Object.prototype does not become a tag", () => {
  const pollution = { value: `key ${secret}`, enumerable: true, configurable: true };
  Object.defineProperty(Object.prototype, "polluted", pollution);
  let keys: readonly string[];
  try {
    keys = Object.keys(guardedTags(environment, { a: 1 }).tags);
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
  }

  expect(keys).toEqual(["a"]);
});

test("a text that was harmless under one key is looked at again when it has changed", () => {
  expect(guardedTags(environment, { note: "fine" }).tags).toEqual({ note: "fine" });
  expect(guardedTags(environment, { note: "fine" }).tags).toEqual({ note: "fine" });
  expect(guardedTags(environment, { note: `not ${secret}` }).tags["note"]).not.toContain("sk-ant");
  expect(guardedTags(environment, { note: "fine", password: "fine" }).tags["password"]).not.toBe(
    "fine",
  );
});

test("a tag `__proto__`, as JSON can hold one, brings no tags in", () => {
  const given = JSON.parse('{"a":1,"__proto__":{"service":"ada@example.com","manual.keep":true}}');
  const { tags } = guardedTags(environment, given);

  expect(tags).toEqual({ a: 1 });
  expect(tags["service"]).toBeUndefined();
  expect(tags["manual.keep"]).toBeUndefined();
});
