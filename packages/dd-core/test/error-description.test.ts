import { createRedactor } from "@llmdevops/dd-redaction";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Diagnostics, describeError, silentLogger, TagGuard } from "../src/index.ts";
import { hostileValues, nameOf } from "./support/hostile-values.ts";

const guard = new TagGuard(createRedactor(), new Diagnostics(silentLogger, undefined));
const describeThrown = (error: unknown) => describeError(error, guard);

describe("an error", () => {
  test("is described by name, message and stack", () => {
    const error = new RangeError("out of range");

    expect(describeThrown(error)).toEqual({
      type: "RangeError",
      message: "out of range",
      stack: error.stack,
    });
  });

  test("has its causes appended to the stack, in order", () => {
    const inner = new TypeError("inner");
    const middle = new Error("middle", { cause: inner });
    const { stack } = describeThrown(new Error("outer", { cause: middle }));

    expect(stack).toMatch(
      /^Error: outer[\s\S]*\ncaused by: Error: middle[\s\S]*\ncaused by: TypeError: inner/,
    );
  });

  test("whose causes form a cycle is described once", () => {
    const first = new Error("first");
    const second = new Error("second", { cause: first });
    first.cause = second;

    const { stack } = describeThrown(first);
    expect(stack?.match(/Error: first/g)).toHaveLength(1);
    expect(stack?.match(/Error: second/g)).toHaveLength(1);
  });

  test("shows five causes of a longer chain", () => {
    let error = new Error("cause 0");
    for (let index = 1; index <= 20; index += 1)
      error = new Error(`cause ${index}`, { cause: error });

    expect(describeThrown(error).stack?.match(/caused by/g)).toHaveLength(5);
  });

  test("that aggregates others shows them, and has its code as message when it has none", () => {
    const error = Object.assign(
      new AggregateError([new Error("over IPv6"), new Error("over IPv4")], ""),
      { code: "ECONNREFUSED" },
    );
    const { type, message, stack } = describeThrown(error);

    expect({ type, message }).toEqual({ type: "AggregateError", message: "ECONNREFUSED" });
    expect(stack).toMatch(/caused by: Error: over IPv6[\s\S]*caused by: Error: over IPv4/);
  });

  test("without any message has none", () => {
    expect(describeThrown(new Error("")).message).toBe("");
  });

  test("whose list of errors claims to be endless is still read in bounded time", () => {
    const error = Object.assign(new Error("x"), { errors: { length: 1e9 } });

    expect(describeThrown(error).message).toBe("x");
  });

  test("is redacted in message, stack and causes", () => {
    const cause = new Error("Bearer abcdefghijklmnopqrstuvwxyz012345");
    const error = new Error("for ada@example.com", { cause });
    const { message, stack } = describeThrown(error);

    expect(message).toBe("for [EMAIL_REDACTED]");
    expect(stack).not.toMatch(/ada@example|abcdefghijkl/);
  });

  test("of enormous size is cut in every field", () => {
    const error = Object.assign(new Error("m ".repeat(500_000)), { name: "N ".repeat(500_000) });

    for (const text of Object.values(describeThrown(error))) {
      expect(String(text).length).toBeLessThanOrEqual(25_000);
    }
  });
});

describe("something else that is thrown", () => {
  test.each<[string, unknown, string, string, string | undefined]>([
    ["text", "broken", "string", "broken", undefined],
    ["a number", 42, "number", "42", undefined],
    ["undefined", undefined, "undefined", "undefined", undefined],
    ["null", null, "object", "null", undefined],
    ["a symbol", Symbol("why"), "symbol", "Symbol(why)", undefined],
    ["a BigInt", 7n, "bigint", "7", undefined],
    ["a function", function why() {}, "function", "[Function: why]", undefined],
    ["an object", { code: 7 }, "Error", '{"code":7}', undefined],
    ["an object like an error", { name: "Odd", message: "m" }, "Odd", "m", "Odd: m"],
    ["an object with a message only", { message: "m" }, "Error", "m", "Error: m"],
    ["an object with a name only", { name: "Odd" }, "Odd", '{"name":"Odd"}', "Odd: "],
    ["an object with a text code", { code: "E_ODD" }, "Error", "E_ODD", undefined],
    [
      "fields of other types",
      { name: 5, message: {}, stack: 1 },
      "Error",
      '{"name":5,"message":{},"stack":1}',
      undefined,
    ],
  ])("%s", (_, thrown, type, message, stack) => {
    expect(describeThrown(thrown)).toEqual({ type, message, stack });
  });

  test.each(hostileValues.map((value) => [nameOf(value), value]))(
    "a hostile %s is described in text",
    (_, value) => {
      const { type, message } = describeThrown(value);
      expect(type.length).toBeGreaterThan(0);
      expect(typeof message).toBe("string");
    },
  );

  test("anything, with any causes, is described within the limits", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (error, cause) => {
        for (const thrown of [error, Object.assign(new Error("x"), { cause, errors: error })]) {
          const { type, message, stack } = describeThrown(thrown);
          expect(type.length + message.length + (stack?.length ?? 0)).toBeLessThanOrEqual(75_000);
        }
      }),
    );
  });

  test("an error whose getters throw", () => {
    const error = new Error("hidden");
    for (const key of ["name", "message", "stack", "cause", "code", "errors"]) {
      Object.defineProperty(error, key, {
        get() {
          throw new Error("getter");
        },
      });
    }

    expect(describeThrown(error).type).toBe("Error");
  });
});
