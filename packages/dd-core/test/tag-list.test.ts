import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTagList } from "../src/index.ts";

test.each([
  [undefined, {}],
  ["", {}],
  [" , ,", {}],
  ["team:search", { team: "search" }],
  ["team:search,tier:1", { team: "search", tier: "1" }],
  ["team:search tier:1", { team: "search", tier: "1" }],
  ["team:search\ttier:1\n shard:2", { team: "search", tier: "1", shard: "2" }],
  [" team : search , tier:1 ", { team: "search", tier: "1" }],
  ["team:search and rescue,tier:1", { team: "search and rescue", tier: "1" }],
  ["url:http://a:1/b", { url: "http://a:1/b" }],
  ["flag,team:search", { flag: "", team: "search" }],
  [":value,team:search", { team: "search" }],
  ["team:a,team:b", { team: "b" }],
  ["team:", { team: "" }],
])("reads %j", (text, tags) => {
  expect({ ...parseTagList(text) }).toEqual(tags);
});

test("keeps __proto__ an ordinary key", () => {
  const tags = parseTagList("__proto__:x,constructor:y");

  expect(Object.keys(tags)).toEqual(["__proto__", "constructor"]);
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test("reads back every list that it could have been written from", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9_.]{0,8}$/);
  fc.assert(
    fc.property(fc.dictionary(word, fc.stringMatching(/^[a-z0-9:/]{0,8}$/)), (tags) => {
      const pairs = Object.entries(tags).map(([key, value]) => `${key}:${value}`);
      expect({ ...parseTagList(pairs.join(",")) }).toEqual(tags);
      expect({ ...parseTagList(pairs.join("  ")) }).toEqual(tags);
    }),
  );
});

test("reads any text into trimmed keys that are not empty", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const [key, value] of Object.entries(parseTagList(text))) {
        expect(key).toBe(key.trim());
        expect(key).not.toBe("");
        expect(value).toBe(value.trim());
      }
    }),
  );
});
