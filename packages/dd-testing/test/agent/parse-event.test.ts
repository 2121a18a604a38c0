import { describe, expect, test } from "vitest";
import { DogstatsdMessageError } from "../../src/agent/dogstatsd/message-fields.ts";
import { parseEvent } from "../../src/agent/dogstatsd/parse-event.ts";

const parse = (message: string) => parseEvent(Buffer.from(message));

describe("parseEvent", () => {
  test("reads every field", () => {
    const fields = "d:1657100430|h:web-1|k:deploys|p:low|s:ci|t:error|#env:test,team:a";

    expect(parse(`_e{6,4}:deploy|done|${fields}`)).toEqual({
      title: "deploy",
      text: "done",
      timestamp: 1_657_100_430,
      hostname: "web-1",
      aggregationKey: "deploys",
      priority: "low",
      sourceType: "ci",
      alertType: "error",
      tags: ["env:test", "team:a"],
    });
  });

  test("counts its lengths in bytes of UTF-8", () => {
    expect(parse("_e{6,3}:größe|ok🎉|t:success")).toMatchObject({ title: "größ", text: "|ok" });
    expect(parse("_e{7,6}:größe|ok🎉|t:success")).toMatchObject({
      title: "größe",
      text: "ok🎉",
      alertType: "success",
    });
  });

  test("lets title and text contain pipes and written line breaks", () => {
    expect(parse("_e{4,8}:a|\\n|b|c\\nd|e|p:low")).toMatchObject({
      title: "a|\n",
      text: "b|c\nd|e",
      priority: "low",
    });
  });

  test("may have an empty text", () => {
    expect(parse("_e{1,0}:a|")).toMatchObject({ title: "a", text: "" });
  });

  test("ignores bad and unknown optional fields", () => {
    expect(parse("_e{1,1}:a|b|p:urgent|t:fatal|d:soon|x:1||#")).toEqual({
      title: "a",
      text: "b",
      priority: "normal",
      alertType: "info",
      tags: [],
    });
  });

  test("reads the fields even where the text length is followed by something else than a pipe", () => {
    expect(parse("_e{1,1}:a|bXp:low|t:error")).toMatchObject({ text: "b", alertType: "error" });
  });

  test.each([
    "_e{",
    "_e{}",
    "_e{1,1}",
    "_e{1,1}a|b",
    "_e{0,1}:|b",
    "_e{1}:a|b",
    "_e{1,-1}:a|b",
    "_e{-1,1}:a|b",
    "_e{1,2}:a|b",
    "_e{99,1}:a|b",
    "_e{1,99999999999999999999}:a|b",
  ])("refuses %j", (message) => {
    expect(() => parse(message)).toThrow(DogstatsdMessageError);
  });
});
