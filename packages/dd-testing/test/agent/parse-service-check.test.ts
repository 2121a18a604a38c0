import { describe, expect, test } from "vitest";
import { DogstatsdMessageError } from "../../src/agent/dogstatsd/message-fields.ts";
import { parseServiceCheck } from "../../src/agent/dogstatsd/parse-service-check.ts";

describe("parseServiceCheck", () => {
  test("reads every field", () => {
    expect(parseServiceCheck("_sc|llm.up|2|d:1657100430|h:web-1|#env:test|m:no answer")).toEqual({
      name: "llm.up",
      status: 2,
      timestamp: 1_657_100_430,
      hostname: "web-1",
      tags: ["env:test"],
      message: "no answer",
    });
  });

  test.each([0, 1, 2, 3])("knows status %i", (status) => {
    expect(parseServiceCheck(`_sc|a|${status}`)).toEqual({ name: "a", status, tags: [] });
  });

  test("lets the last of a repeated field win and ignores bad and unknown ones", () => {
    expect(parseServiceCheck("_sc|a|0|h:x|h:y|d:7|d:soon|u:1")).toEqual({
      name: "a",
      status: 0,
      hostname: "y",
      timestamp: 7,
      tags: [],
    });
  });

  test.each(["_sc", "_sc|", "_sc|a", "_sc||0", "_sc|a|", "_sc|a|4", "_sc|a|00", "_scale:1|c"])(
    "refuses %j",
    (message) => {
      expect(() => parseServiceCheck(message)).toThrow(DogstatsdMessageError);
    },
  );
});
