import { createRedactor } from "@llmdevops/dd-redaction";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Diagnostics, silentLogger, TagGuard } from "../src/index.ts";
import { guardedTags } from "../src/span/guarded-tags.ts";

const diagnostics = new Diagnostics(silentLogger, undefined);
const guard = new TagGuard(createRedactor(), diagnostics);
const environment = { guard, diagnostics };
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

      expect(guardedTags(environment, given)).toEqual(oneByOne(given));
      expect(given).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

test("an enumerable property of Object.prototype does not become a tag", () => {
  const pollution = { value: `key ${secret}`, enumerable: true, configurable: true };
  Object.defineProperty(Object.prototype, "polluted", pollution);
  let keys: readonly string[];
  try {
    keys = Object.keys(guardedTags(environment, { a: 1 }));
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
  }

  expect(keys).toEqual(["a"]);
});

test("a text that was harmless under one key is looked at again when it has changed", () => {
  expect(guardedTags(environment, { note: "fine" })).toEqual({ note: "fine" });
  expect(guardedTags(environment, { note: "fine" })).toEqual({ note: "fine" });
  expect(guardedTags(environment, { note: `not ${secret}` })["note"]).not.toContain("sk-ant");
  expect(guardedTags(environment, { note: "fine", password: "fine" })["password"]).not.toBe("fine");
});
