import type { IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPropagator } from "../src/index.ts";
import {
  type Fields,
  type ForwardingService,
  startForwardingService,
} from "./support/forwarding-service.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentId = "00f067aa0ba902b7";
const valid = `00-${traceId}-${parentId}-01`;
const grammar = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

let service: ForwardingService;

beforeAll(async () => {
  const styles = ["tracecontext"] as const;
  service = await startForwardingService(
    createPropagator({ extract: styles, inject: styles, env: {} }),
  );
});

afterAll(() => service.stop());

interface Arrived {
  readonly traceId: string;
  readonly parentId: string;
  readonly flags: string;
  /** Members of other vendors, in order. */
  readonly foreign: readonly string[];
}

function parse(headers: IncomingHttpHeaders | undefined): Arrived {
  const match = grammar.exec(String(headers?.["traceparent"]));
  expect(match, `traceparent ${headers?.["traceparent"]}`).not.toBeNull();
  const [, id = "", parent = "", flags = ""] = match ?? [];
  expect(id).not.toMatch(/^0+$/);
  expect(parent).not.toMatch(/^0+$/);
  const members = String(headers?.["tracestate"] ?? "").split(",");
  expect(members.length).toBeLessThanOrEqual(32);
  const foreign = members.filter((member) => member !== "" && !member.startsWith("dd="));
  return { traceId: id, parentId: parent, flags, foreign };
}

async function call(...fields: Fields): Promise<Arrived> {
  const [headers] = await service.call(fields);
  return parse(headers);
}

const withTraceparent = (...tracestates: readonly string[]): Fields => [
  ["traceparent", valid],
  ...tracestates.map((value) => ["tracestate", value] as const),
];

describe("a trace is continued", () => {
  test.each([
    ["traceparent stands alone", valid],
    ["the version is 00 and the trace is not sampled", `00-${traceId}-${parentId}-00`],
    ["the version is a later one", `cc-${traceId}-${parentId}-01`],
    ["a later version adds a field", `cc-${traceId}-${parentId}-01-added-later`],
    ["a later version ends with a dash", `cc-${traceId}-${parentId}-01-`],
    ["there is white space around the value", ` \t ${valid} \t `],
  ])("when %s", async (_reason, traceparent) => {
    const arrived = await call(["traceparent", traceparent]);

    expect(arrived.traceId).toBe(traceId);
    expect(arrived.parentId).not.toBe(parentId);
  });

  test.each(["TraceParent", "TrAcEpArEnT", "TRACEPARENT"])(
    "when the header is called %s",
    async (name) => {
      const arrived = await call([name, valid]);

      expect(arrived.traceId).toBe(traceId);
    },
  );

  test("with every call under a parent id of its own", async () => {
    const calls = (await service.call([["traceparent", valid]], 3)).map(parse);

    expect(calls.map((arrived) => arrived.traceId)).toEqual([traceId, traceId, traceId]);
    expect(new Set(calls.map((arrived) => arrived.parentId)).size).toBe(3);
  });

  test.each([
    ["00", "00"],
    ["01", "01"],
    ["02", "02"],
    ["03", "03"],
    ["ff", "03"],
    ["fc", "00"],
  ])(
    "with the flags %s as %s: sampled and random are kept, unknown ones are not",
    async (given, sent) => {
      const arrived = await call(["traceparent", `00-${traceId}-${parentId}-${given}`]);

      expect(arrived.flags).toBe(sent);
    },
  );
});

describe("a new trace is started", () => {
  test("when both headers are missing", async () => {
    const arrived = await call();

    expect(arrived.foreign).toEqual([]);
  });

  test("with a valid parent id for each call when there are no headers", async () => {
    const calls = (await service.call([], 2)).map(parse);

    expect(calls).toHaveLength(2);
    expect(new Set(calls.map((arrived) => arrived.parentId)).size).toBe(2);
  });

  test.each([
    ["version ff", `ff-${traceId}-${parentId}-01`],
    ["an illegal version", `.0-${traceId}-${parentId}-01`],
    ["an illegal second digit of the version", `0.-${traceId}-${parentId}-01`],
    ["a version of three digits", `000-${traceId}-${parentId}-01`],
    ["a version of one digit", `0-${traceId}-${parentId}-01`],
    ["version 00 with a further field", `${valid}-more`],
    ["version 00 with a dash at the end", `${valid}-`],
    ["version 00 with a dot at the end", `${valid}.`],
    ["a later version whose addition is not separated", `cc-${traceId}-${parentId}-01.later`],
    ["a trace id of zeros", `00-${"0".repeat(32)}-${parentId}-01`],
    ["an illegal character in the trace id", `00-.${traceId.slice(1)}-${parentId}-01`],
    ["upper-case digits in the trace id", `00-${traceId.toUpperCase()}-${parentId}-01`],
    ["a long trace id", `00-${traceId}0-${parentId}-01`],
    ["a short trace id", `00-${traceId.slice(1)}-${parentId}-01`],
    ["a parent id of zeros", `00-${traceId}-${"0".repeat(16)}-01`],
    ["an illegal character in the parent id", `00-${traceId}-.${parentId.slice(1)}-01`],
    ["a long parent id", `00-${traceId}-${parentId}0-01`],
    ["a short parent id", `00-${traceId}-${parentId.slice(1)}-01`],
    ["an illegal character in the flags", `00-${traceId}-${parentId}-.1`],
    ["an illegal second character in the flags", `00-${traceId}-${parentId}-0.`],
    ["flags of three digits", `00-${traceId}-${parentId}-001`],
    ["flags of one digit", `00-${traceId}-${parentId}-1`],
    ["white space inside", `00 -${traceId}-${parentId}-01`],
    ["nothing in it", ""],
  ])("when traceparent has %s, and its tracestate is dropped", async (_fault, traceparent) => {
    const arrived = await call(["traceparent", traceparent], ["tracestate", "vendor=1"]);

    expect(arrived.traceId).not.toBe(traceId);
    expect(arrived.foreign).toEqual([]);
  });

  test("when traceparent comes twice", async () => {
    const other = `00-${"1".repeat(32)}-${parentId}-01`;

    const arrived = await call(["traceparent", other], ["traceparent", valid]);

    expect([traceId, "1".repeat(32)]).not.toContain(arrived.traceId);
  });

  test.each(["trace-parent", "trace.parent", "traceparents"])(
    "when the header is called %s",
    async (name) => {
      const arrived = await call([name, valid]);

      expect(arrived.traceId).not.toBe(traceId);
    },
  );

  test("when there is only a tracestate", async () => {
    const arrived = await call(["tracestate", "vendor=1"]);

    expect(arrived.foreign).toEqual([]);
  });

  test("with different traces for different requests that were all invalid", async () => {
    const first = await call(["traceparent", "invalid"]);
    const second = await call(["traceparent", "invalid"]);

    expect(first.traceId).not.toBe(second.traceId);
  });
});

const longestKey = `a${"z".repeat(255)}`;
const everyKeyCharacter = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@";
const everyValueCharacter = Array.from({ length: 0x7e - 0x1f }, (_, index) =>
  String.fromCharCode(0x20 + index),
)
  .filter((character) => character !== "," && character !== "=")
  .join("");
const thirtyTwo = Array.from({ length: 32 }, (_, index) => `vendor${index}=${index}`);

describe("tracestate is passed on", () => {
  test.each([
    ["one member", ["a=1"], ["a=1"]],
    ["several members in their order", ["c=3,a=1,b=2"], ["c=3", "a=1", "b=2"]],
    ["several fields in their order", ["c=3,a=1", "b=2", "d=4"], ["c=3", "a=1", "b=2", "d=4"]],
    ["an empty field among others", ["a=1", "", "b=2"], ["a=1", "b=2"]],
    ["empty members", ["a=1,,b=2,"], ["a=1", "b=2"]],
    ["white space around members", [" a=1 \t ,\t b=2 "], ["a=1", "b=2"]],
    ["a space in front of a value", ["a= 1"], ["a= 1"]],
    ["a key that begins with a digit", ["1a=1"], ["1a=1"]],
    ["a tenant key", ["tenant@vendor=1"], ["tenant@vendor=1"]],
    ["at signs anywhere but in front", ["a@@b=1,c@=2"], ["a@@b=1", "c@=2"]],
    ["every character of a key", [`${everyKeyCharacter}=1`], [`${everyKeyCharacter}=1`]],
    ["every character of a value", [`a=${everyValueCharacter}`], [`a=${everyValueCharacter}`]],
    ["a key of 256 characters", [`${longestKey}=1`], [`${longestKey}=1`]],
    ["a value of 256 characters", [`a=${"v".repeat(256)}`], [`a=${"v".repeat(256)}`]],
    ["the first of two members with one key", ["a=1,a=2"], ["a=1"]],
  ])("with %s", async (_what, tracestates, expected) => {
    const arrived = await call(...withTraceparent(...tracestates));

    expect(arrived.traceId).toBe(traceId);
    expect(arrived.foreign).toEqual(expected);
  });

  test.each(["TraceState", "TrAcEsTaTe", "TRACESTATE"])(
    "when the header is called %s",
    async (name) => {
      const arrived = await call(["traceparent", valid], [name, "a=1"]);

      expect(arrived.foreign).toEqual(["a=1"]);
    },
  );

  test("with 32 members, of which the last makes room for ours", async () => {
    const arrived = await call(...withTraceparent(thirtyTwo.join(",")));

    expect(arrived.foreign).toEqual(thirtyTwo.slice(0, 31));
  });
});

describe("the whole tracestate is dropped and the trace continued", () => {
  test.each([
    ["33 members", [thirtyTwo.join(","), "more=1"]],
    ["an upper-case key", ["a=1,FOO=1"]],
    ["a space inside a key", ["a=1,f oo=1"]],
    ["a key that begins with an at sign", ["a=1,@vendor=1"]],
    ["a key that begins with an underscore", ["a=1,_b=1"]],
    ["an illegal character in a key", ["a=1,b.c=1"]],
    ["a key of 257 characters", [`a=1,${longestKey}z=1`]],
    ["a key without a value", ["a=1,b"]],
    ["an empty key", ["a=1,=1"]],
    ["an empty value", ["a=1,b="]],
    ["an equals sign in a value", ["a=1,b=c=d"]],
    ["a tab inside a value", ["a=1,b=c\td"]],
    ["a value beyond ASCII", ["a=1,b=\xe9"]],
    ["a value of 257 characters", [`a=1,b=${"v".repeat(257)}`]],
  ])("when it has %s", async (_fault, tracestates) => {
    const arrived = await call(...withTraceparent(...tracestates));

    expect(arrived.traceId).toBe(traceId);
    expect(arrived.foreign).toEqual([]);
  });

  test.each(["trace-state", "trace.state"])("when the header is called %s", async (name) => {
    const arrived = await call(["traceparent", valid], [name, "a=1"]);

    expect(arrived.foreign).toEqual([]);
  });
});
