import { describe, expect, test } from "vitest";
import { DogstatsdMessageError } from "../../src/agent/dogstatsd/message-fields.ts";
import { parseMetric } from "../../src/agent/dogstatsd/parse-metric.ts";

describe("parseMetric", () => {
  test("reads every field of protocol 1.6, in any order", () => {
    const message =
      "llm.tokens:1:2.5|c|card:low|e:it-false,cn-app|c:ci-83c0|T1657100430|#env:test,model:m|@0.5";

    expect(parseMetric(message)).toEqual({
      name: "llm.tokens",
      type: "c",
      values: [1, 2.5],
      tags: ["env:test", "model:m"],
      sampleRate: 0.5,
      timestamp: 1_657_100_430,
      localData: "ci-83c0",
      externalData: "it-false,cn-app",
      cardinality: "low",
    });
  });

  test("leaves out what was not sent", () => {
    expect(parseMetric("a:1|g")).toEqual({
      name: "a",
      type: "g",
      values: [1],
      tags: [],
      sampleRate: 1,
    });
  });

  test.each(["c", "g", "ms", "h", "d"])("reads the packed values of type %s", (type) => {
    expect(parseMetric(`a:1::2:|${type}`).values).toEqual([1, 2]);
  });

  test("reads the value of a set as one string, colons included", () => {
    expect(parseMetric("users:a:b|s").values).toEqual(["a:b"]);
  });

  test("keeps empty tags between commas and lets the last tags field win", () => {
    expect(parseMetric("a:1|c|#x,,y").tags).toEqual(["x", "", "y"]);
    expect(parseMetric("a:1|c|#x|#y").tags).toEqual(["y"]);
    expect(parseMetric("a:1|c|#").tags).toEqual([]);
  });

  test("accepts names of any alphabet, because the Agent normalises them only later", () => {
    expect(parseMetric("größe métrica:1|c").name).toBe("größe métrica");
  });

  test.each([
    ["1", 1],
    ["-1.5", -1.5],
    ["+2", 2],
    [".5", 0.5],
    ["5.", 5],
    ["1e3", 1000],
    ["1E-2", 0.01],
    ["inf", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["NaN", Number.NaN],
  ])("reads the number %s", (text, expected) => {
    expect(parseMetric(`a:${text}|g`).values).toEqual([expected]);
  });

  test.each([
    "",
    ":",
    "|",
    "a",
    "a|c",
    ":1|c",
    "a:|c",
    "a::|c",
    "a:1",
    "a:1|",
    "a:1|x",
    "a:1|cc",
    "a:one|c",
    "a:1,2|c",
    "a:0x1|c",
    "a:1e999|c",
    "a: 1|c",
    "a:+nan|c",
    "a:1:x|h",
    "a:1|c|@",
    "a:1|c|@half",
    "a:1|g|T",
    "a:1|g|T0",
    "a:1|g|T-5",
    "a:1|g|T1.5",
    "a:1|g|Tsoon",
    "a:1|g|T99999999999999999999",
  ])("refuses %j", (message) => {
    expect(() => parseMetric(message)).toThrow(DogstatsdMessageError);
  });

  test("quotes at most 100 characters of a refused message", () => {
    expect(() => parseMetric("x".repeat(5000))).toThrow(/^no value in "x{100}…"$/);
  });
});
