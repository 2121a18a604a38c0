import { describe, expect, test } from "vitest";
import { type DogstatsdMessage, parseDatagram } from "../../src/agent/dogstatsd/parse-datagram.ts";

function only(message: string | Uint8Array): DogstatsdMessage {
  const messages = parseDatagram(typeof message === "string" ? Buffer.from(message) : message);

  expect(messages).toHaveLength(1);
  return messages[0] as DogstatsdMessage;
}

function metricOf(message: string) {
  const parsed = only(message);
  return parsed.kind === "metric" ? parsed.metric : parsed.kind;
}

/** The rules of `comp/dogstatsd/server/parse.go` and `parse_metrics.go` of the Agent, and of Go's `strconv`. */
describe("metrics", () => {
  test.each([
    ["1", 1],
    ["-7.5", -7.5],
    ["+3", 3],
    [".5", 0.5],
    ["5.", 5],
    ["1e3", 1_000],
    ["1E-3", 0.001],
    ["1e-400", 0],
    ["1_000.5", 1_000.5],
    ["0x1p4", 16],
    ["-0X1.8p1", -3],
    ["inf", Number.POSITIVE_INFINITY],
    ["+Inf", Number.POSITIVE_INFINITY],
    ["-INFINITY", Number.NEGATIVE_INFINITY],
    ["NaN", Number.NaN],
  ])("the value %s is %d", (text, value) => {
    expect(metricOf(`load:${text}|g`)).toMatchObject({ values: [value] });
  });

  test.each([
    "",
    " 1",
    "1 ",
    "abc",
    "1,5",
    "1e400",
    "-1e400",
    "--1",
    "+nan",
    "-NaN",
    "infinit",
    "0x10",
    "0xp1",
    "1__0",
    "_1",
    "1_",
    "1_.5",
    "1e",
    "e1",
    ".",
    "٣",
  ])("the value %j is none", (text) => {
    expect(metricOf(`load:${text}|g`)).toBe("refused");
  });

  test.each(["c", "g", "ms", "h", "d"])("the type %s takes several values", (type) => {
    expect(metricOf(`load:1:-2.5::3:|${type}`)).toMatchObject({ type, values: [1, -2.5, 3] });
  });

  test.each([
    ["load:1:x:3|h", "one of several is no number"],
    ["load::|g", "there are only separators"],
    ["load|g", "there is none"],
    [":1|g", "there is no name"],
    ["load:1", "there is no type"],
    ["load:1|", "the type is empty"],
    ["load:1|G", "the type has another case"],
    ["load:1|m", "the type is unknown"],
    ["load:1| g", "the type has a space"],
    ["|load:1|g", "it begins with a separator"],
    ["load:1|c|@", "the sample rate is empty"],
    ["load:1|c|@half", "the sample rate is no number"],
    ["load:1|g|T", "the timestamp is empty"],
    ["load:1|g|T0", "the timestamp is zero"],
    ["load:1|g|T-5", "the timestamp is negative"],
    ["load:1|g|T1.5", "the timestamp is no whole number"],
    ["load:1|g|T9223372036854775808", "the timestamp does not fit 64 bits"],
    ["load:1|g|T1657100430|T", "the last of two timestamps is empty"],
  ])("%s is refused: %s", (message) => {
    expect(metricOf(message)).toBe("refused");
  });

  test.each(["abc", "a:b:c", " ", "-1", "user@example.com", "日本"])(
    "a set keeps %j as it is",
    (value) => {
      expect(metricOf(`users:${value}|s`)).toMatchObject({ type: "s", values: [value] });
    },
  );

  test("fields come in any order, the last of a kind wins, unknown and empty ones are ignored", () => {
    const fields =
      "T1|e:old|#old:1|c:old|@0.1||x:y|card:none|#new:2,b|@0.5|T1657100430|c:ci-1,in-2|e:it-false,cn-a|card:high|";

    expect(metricOf(`load:1|d|${fields}`)).toEqual({
      name: "load",
      type: "d",
      values: [1],
      tags: ["new:2", "b"],
      sampleRate: 0.5,
      timestamp: 1_657_100_430,
      localData: "ci-1,in-2",
      externalData: "it-false,cn-a",
      cardinality: "high",
    });
  });

  test.each([
    ["#", []],
    ["#a", ["a"]],
    ["#a,,b,", ["a", "", "b", ""]],
    ["#,", ["", ""]],
    ["#url:http://x/?a=1#b", ["url:http://x/?a=1#b"]],
    ["#a:b:c, d:e ,ü:ñ", ["a:b:c", " d:e ", "ü:ñ"]],
    ["##a", ["#a"]],
    ["#a|b", ["a"]],
  ])("the field %s holds the tags %j", (field, tags) => {
    expect(metricOf(`load:1|c|${field}`)).toMatchObject({ tags });
  });

  test.each([
    ["@0.25", 0.25],
    ["@1e-3", 0.001],
    ["@2", 2],
    ["@-1", -1],
    ["@0", 0],
  ])("the sample rate %s is taken as it is", (field, sampleRate) => {
    expect(metricOf(`load:1|c|${field}`)).toMatchObject({ sampleRate });
  });

  test("a name is not checked, and may hold anything but the separators", () => {
    expect(metricOf("1 wéird-näme/with.dots:1|c")).toMatchObject({
      name: "1 wéird-näme/with.dots",
    });
  });
});

describe("events", () => {
  const eventOf = (message: string | Uint8Array) => {
    const parsed = only(message);
    return parsed.kind === "event" ? parsed.event : parsed.kind;
  };

  test("every field is read, and lengths are in bytes", () => {
    const message =
      "_e{7,14}:Grüße|Zeile\\nzwei ü|d:1657100430|h:web-1|k:deploys|p:low|s:ci|t:warning|#a:b,c|c:ci-1";

    expect(eventOf(message)).toEqual({
      title: "Grüße",
      text: "Zeile\nzwei ü",
      timestamp: 1_657_100_430,
      hostname: "web-1",
      aggregationKey: "deploys",
      priority: "low",
      sourceType: "ci",
      alertType: "warning",
      tags: ["a:b", "c"],
    });
  });

  test.each([
    ["_e{1,1}:a|b", { title: "a", text: "b" }],
    ["_e{1,0}:a|", { title: "a", text: "" }],
    ["_e{+1,+1}:a|b", { title: "a", text: "b" }],
    ["_e{3,5}:a|b|c:d|e", { title: "a|b", text: "c:d|e" }],
    ["_e{1,1}:a|b|", { tags: [] }],
    ["_e{1,1}:a|b|#", { tags: [] }],
    ["_e{1,1}:a|b|p:low|p:urgent", { priority: "low" }],
    ["_e{1,1}:a|b|t:error|t:", { alertType: "error" }],
    ["_e{1,1}:a|b|d:1|d:x", { timestamp: 1 }],
    ["_e{1,1}:a|b|d:-5", { timestamp: -5 }],
    ["_e{1,1}:a|b|d:-5|d:-9223372036854775809", { timestamp: -5 }],
    ["_e{1,1}:a|b|h:|k:|s:", { hostname: "", aggregationKey: "", sourceType: "" }],
    ["_e{1,1}:a|b#not:tags|#a", { tags: ["a"] }],
    ["_e{1,1}:a|bp:low", { priority: "normal" }],
    ["_e{1,1}:a#b|t:success", { text: "b", alertType: "success" }],
  ])("%s", (message, expected) => {
    expect(eventOf(message)).toMatchObject(expected);
  });

  test.each([
    "_e{1,1}",
    "_e{1,1}:a",
    "_e{1,1}:a|",
    "_e{0,1}:|b",
    "_e{-1,1}:a|b",
    "_e{1,-1}:a|b",
    "_e{1}:a|b",
    "_e{1,1,1}:a|b",
    "_e{1;1}:a|b",
    "_e{ 1,1}:a|b",
    "_e{1,2}:a|b",
    "_e{9223372036854775808,1}:a|b",
    "_e{99999999999999999999999999999999999999999999,1}:a|b",
    "_e{2,1}:ü|",
    "_e1,1}:a|b",
    "_e",
    "_E{1,1}:a|b",
  ])("%s is refused", (message) => {
    expect(eventOf(message)).toBe("refused");
  });

  test("bytes that are no UTF-8 do not make it throw", () => {
    const bytes = Buffer.concat([
      Buffer.from("_e{2,1}:"),
      Buffer.from([0xff, 0xfe]),
      Buffer.from("|b"),
    ]);

    expect(eventOf(bytes)).toMatchObject({ text: "b" });
  });
});

describe("service checks", () => {
  const checkOf = (message: string) => {
    const parsed = only(message);
    return parsed.kind === "serviceCheck" ? parsed.check : parsed.kind;
  };

  test("every field is read, the message last", () => {
    expect(
      checkOf("_sc|db.ok|2|d:1657100430|h:db-1|#env:prod,role:main|m:Cannot connect: ü"),
    ).toEqual({
      name: "db.ok",
      status: 2,
      timestamp: 1_657_100_430,
      hostname: "db-1",
      tags: ["env:prod", "role:main"],
      message: "Cannot connect: ü",
    });
  });

  test.each([
    ["_sc|a|0", { name: "a", status: 0 }],
    ["_sc|a|3|", { status: 3 }],
    ["_sc|a:b c|1", { name: "a:b c", status: 1 }],
    ["_sc|a|0|m:one|m:two", { message: "two" }],
    ["_sc|a|0|m:cut|off", { message: "cut" }],
    ["_sc|a|0|m:", { message: "" }],
    ["_sc|a|0|d:x|h:b", { hostname: "b" }],
    ["_sc|a|0|#", { tags: [] }],
    ["_sc|a|0|#x:1|#y:2", { tags: ["y:2"] }],
    ["_sc|a|0|c:ci-1|x", { name: "a" }],
  ])("%s", (message, expected) => {
    expect(checkOf(message)).toMatchObject(expected);
  });

  test.each([
    "_sc",
    "_sc|",
    "_sc|a",
    "_sc||0",
    "_sc|a|",
    "_sc|a|4",
    "_sc|a|00",
    "_sc|a|-1",
    "_sc|a|ok",
    "_scx|a|0",
    "_scxa|0",
  ])("%s is refused", (message) => {
    expect(checkOf(message)).toBe("refused");
  });
});

describe("datagrams", () => {
  test("every line is a message, empty lines are none, and a refused one leaves the others alone", () => {
    const datagram = "a:1|c\n\nbroken\r\n_sc|a|0\r\n_e{1,1}:a|b\n\r\nb:2|g\n";

    const kinds = parseDatagram(Buffer.from(datagram)).map(({ kind }) => kind);

    expect(kinds).toEqual(["metric", "refused", "serviceCheck", "event", "metric"]);
  });

  test("the size of a message is that of its line without its end", () => {
    expect(parseDatagram(Buffer.from("ü:1|c\r\nb:2|g")).map(({ bytes }) => bytes)).toEqual([6, 5]);
  });

  test("no datagram has no message", () => {
    expect(parseDatagram(new Uint8Array())).toEqual([]);
  });
});
