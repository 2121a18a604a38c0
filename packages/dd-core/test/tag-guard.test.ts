import { createRedactor } from "@llmdevops/dd-redaction";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Diagnostics, silentLogger, TagGuard } from "../src/index.ts";
import { hostileValues, nameOf } from "./support/hostile-values.ts";

const diagnostics = new Diagnostics(silentLogger, undefined);
const guard = new TagGuard(createRedactor(), diagnostics);
const secret = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEF-AA";

function failing(): { guard: TagGuard; diagnostics: Diagnostics } {
  const fail = (): never => {
    throw new Error("redactor");
  };
  const counted = new Diagnostics(silentLogger, undefined);
  const redactor = {
    redact: fail,
    redactValue: fail,
    redactEntry: fail,
    shouldBlock: fail,
    report: fail,
  };
  return { guard: new TagGuard(redactor, counted), diagnostics: counted };
}

describe("value", () => {
  class Point {
    readonly x = 1;
  }
  const cycle: Record<string, unknown> = { name: "root" };
  cycle["self"] = cycle;
  const sibling = { id: 1 };

  test.each<[string, unknown, unknown]>([
    ["undefined", undefined, undefined],
    ["null", null, undefined],
    ["true", true, true],
    ["false", false, false],
    ["zero", 0, 0],
    ["a number", 1.5, 1.5],
    ["NaN", Number.NaN, "NaN"],
    ["Infinity", Number.NEGATIVE_INFINITY, "-Infinity"],
    ["text", "plain", "plain"],
    ["empty text", "", ""],
    ["a BigInt", 12_345_678_901_234_567n, "12345678901234567"],
    ["a symbol", Symbol("mark"), "Symbol(mark)"],
    ["a function", function named() {}, "[Function: named]"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a date that is none", new Date(Number.NaN), "Invalid Date"],
    ["an array", [1, "two", null], '[1,"two",null]'],
    ["an object", { a: { b: 1 } }, '{"a":{"b":1}}'],
    ["an instance", new Point(), '{"x":1}'],
    ["a Map", new Map([["a", 1]]), '{"a":1}'],
    ["a Set", new Set([1, 2]), "[1,2]"],
    ["a cycle", cycle, '{"name":"root","self":"[Circular]"}'],
    ["repeated siblings", [sibling, sibling], '[{"id":1},{"id":1}]'],
    ["a BigInt inside", { id: 1n }, '{"id":"1"}'],
  ])("of %s", (_, given, expected) => {
    expect(guard.value("data", given)).toEqual(expected);
  });

  test("is redacted, in text and inside objects", () => {
    for (const given of [
      `key ${secret}`,
      { note: secret },
      [secret],
      new Map([["note", secret]]),
    ]) {
      expect(String(guard.value("data", given))).not.toContain("sk-ant");
    }
    expect(guard.value("data", "mail ada@example.com")).toBe("mail [EMAIL_REDACTED]");
  });

  test("of digits too long for the tag is cut, for a BigInt as for text", () => {
    const long = guard.value("data", 10n ** 30_000n);

    expect(String(long).length).toBeLessThanOrEqual(25_000);
  });

  test.each(["password", "user.api_key", "Authorization"])(
    "under the sensitive key %s never leaves, whatever its type",
    (key) => {
      for (const given of ["hunter2", 42, true, { inner: "hunter2" }, ["hunter2"]]) {
        expect(guard.value(key, given)).toBe("[REDACTED]");
      }
    },
  );

  test("under a blocked key is left out", () => {
    const blocking = new TagGuard(createRedactor({ sensitiveKeys: "block" }), diagnostics);

    expect(blocking.value("password", "hunter2")).toBeUndefined();
    expect(blocking.attributes({ password: ["hunter2"], team: "a" })).toEqual({ team: "a" });
  });

  test.each(["llm.input_tokens", "author", "monkey"])("under %s stays", (key) => {
    expect(guard.value(key, 5)).toBe(5);
  });

  test("of 100 KB is cut to 25,000 characters with a note", () => {
    const result = String(guard.value("data", "word ".repeat(20_000)));

    expect(result).toHaveLength(25_000);
    expect(result).toMatch(/^word word .*\.\.\.\[truncated, 100000 characters in all\]$/);
  });

  test("just over the limit is cut too, and at the limit it is not", () => {
    expect(guard.value("data", "x ".repeat(12_500))).toBe("x ".repeat(12_500));
    const cut = String(guard.value("data", "x ".repeat(12_501)));
    expect(cut.length).toBeLessThanOrEqual(25_000);
    expect(cut).toMatch(/\[truncated \d+ characters\]$/);
  });

  test("never shows half of a secret at the place where a long text was cut", () => {
    const filler = `${"A".repeat(19)} `;
    for (let shift = 0; shift < 60; shift += 1) {
      const text = "p ".repeat(12_400) + "q".repeat(shift) + ` ${secret} `.repeat(2_000) + filler;
      expect(String(guard.value("data", text))).not.toMatch(/sk-a/);
    }
  });

  test("of which most is redacted away shows nothing of the part that was not looked at in full", () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${"QUJD".repeat(14_540)}\n-----END PRIVATE KEY-----\n`;
    const result = String(guard.value("data", pem + secret.repeat(40)));

    expect(result).not.toContain("sk-ant");
    expect(result).not.toContain("QUJDQUJD");
    expect(result.length).toBeLessThan(25_000);
  });

  test("does not end in half a surrogate pair", () => {
    for (const lead of ["", "a"]) {
      const result = String(guard.value("data", lead + "😀".repeat(50_000)));
      expect(result).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
    }
  });

  test.each(hostileValues.map((value) => [nameOf(value), value]))(
    "of a hostile %s is a scalar or nothing",
    (_, value) => {
      const result = guard.value("data", value);
      expect(["string", "number", "boolean", "undefined"]).toContain(typeof result);
      if (typeof result === "number") expect(Number.isFinite(result)).toBe(true);
    },
  );

  test("of anything is a scalar, bounded and without the planted secret", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.anything({ withBigInt: true, withMap: true, withDate: true }),
        (key, value) => {
          const result = guard.value(key, { value, planted: secret });
          expect(typeof result).toBe("string");
          expect(String(result).length).toBeLessThanOrEqual(25_000);
          expect(String(result)).not.toContain("sk-ant");
        },
      ),
    );
  });

  test("changes nothing of the caller's", () => {
    const value = Object.freeze({ list: Object.freeze([secret]), password: "hunter2" });

    guard.value("data", value);

    expect(value).toEqual({ list: [secret], password: "hunter2" });
  });
});

describe("key", () => {
  test("is redacted and cut to 200 characters", () => {
    expect(guard.key("llm.model")).toBe("llm.model");
    expect(guard.key(`by.ada@example.com`)).toContain("[EMAIL_REDACTED]");
    expect(guard.key("k".repeat(200))).toHaveLength(200);
    expect(guard.key("k".repeat(5_000)).length).toBeLessThanOrEqual(200);
  });

  test("of another type becomes text", () => {
    expect(guard.key(5 as unknown as string)).toBe("5");
    for (const value of hostileValues) expect(typeof guard.key(value as string)).toBe("string");
  });

  test("is redacted once when it is short, each time when it is long, and for 1,024 keys at most", () => {
    const redactor = createRedactor();
    let calls = 0;
    const counting = {
      redact: (text: string) => {
        calls += 1;
        return redactor.redact(text);
      },
      redactValue: redactor.redactValue.bind(redactor),
      redactEntry: redactor.redactEntry.bind(redactor),
      shouldBlock: redactor.shouldBlock.bind(redactor),
      report: redactor.report.bind(redactor),
    };
    const many = new TagGuard(counting, diagnostics);
    const callsFor = (key: string): number => {
      const before = calls;
      many.key(key);
      many.key(key);
      return calls - before;
    };

    expect(callsFor("k".repeat(200))).toBe(1);
    expect(callsFor("k".repeat(201))).toBe(2);
    for (let index = 1; index < 1_024; index += 1) expect(callsFor(`key.${index}`)).toBe(1);
    expect(callsFor("one.too.many")).toBe(2);
  });

  test("is the same each time, also beyond what is remembered", () => {
    const many = new TagGuard(createRedactor(), diagnostics);
    for (let index = 0; index < 3_000; index += 1) many.key(`key.${index}`);

    expect(many.key("key.1")).toBe("key.1");
    expect(many.key("key.2999")).toBe("key.2999");
  });
});

describe("text", () => {
  test("is redacted and cut", () => {
    expect(guard.text("mail ada@example.com")).toBe("mail [EMAIL_REDACTED]");
    expect(guard.text("word ".repeat(10_000))).toHaveLength(25_000);
    for (const value of hostileValues) expect(typeof guard.text(value as string)).toBe("string");
  });
});

describe("structure", () => {
  test("keeps its shape and loses what is sensitive", () => {
    expect(
      guard.structure({ messages: [{ role: "user", content: `use ${secret}` }], password: "x" }),
    ).toEqual({
      messages: [{ role: "user", content: expect.not.stringContaining("sk-ant") }],
      password: "[REDACTED]",
    });
  });

  test("of a text of several megabytes is cut to a million characters", () => {
    expect(String(guard.structure("word ".repeat(600_000)))).toHaveLength(1_000_000);
    expect(guard.structure("word ".repeat(100_000))).toHaveLength(500_000);
  });

  test.each(hostileValues.map((value) => [nameOf(value), value]))(
    "of a hostile %s can be written as JSON",
    (_, value) => {
      expect(() => JSON.stringify(guard.structure(value))).not.toThrow();
    },
  );
});

test("a structure holds nothing that JSON refuses, at any depth, even where a policy keeps values as they are", () => {
  const kept: Record<string, unknown> = { id: 1n, at: new Date(0), none: new Date(Number.NaN) };
  kept["self"] = kept;
  const keeping = new TagGuard(createRedactor({ keyPolicies: { raw: "keep" } }), diagnostics);

  expect(guard.structure({ list: [1n, Number.NaN], mark: Symbol("m"), empty: null })).toEqual({
    list: ["1", "NaN"],
    mark: "Symbol(m)",
    empty: null,
  });
  expect(JSON.stringify(keeping.structure({ raw: kept }))).toContain(
    '"id":"1","at":"1970-01-01T00:00:00.000Z","none":"Invalid Date"',
  );
});

describe("attributes", () => {
  test("keep arrays of scalars and serialise what is nested", () => {
    expect(
      guard.attributes({
        list: [1, "two", null, true, { a: 1 }],
        nested: { b: 2 },
        none: undefined,
      }),
    ).toEqual({ list: [1, "two", true, '{"a":1}'], nested: '{"b":2}' });
  });

  test("of a sensitive key are stopped, in an array too", () => {
    expect(guard.attributes({ password: ["hunter2"], token: "hunter2" })).toEqual({
      password: "[REDACTED]",
      token: "[REDACTED]",
    });
  });

  test("are 128 at most, of which arrays hold 128, and the rest is counted", () => {
    const counted = new Diagnostics(silentLogger, undefined);
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`a${index}`, 1]));
    const limited = new TagGuard(createRedactor(), counted);

    const allowed = Object.fromEntries(Object.entries(many).slice(0, 128));
    expect(Object.keys(limited.attributes(allowed))).toHaveLength(128);
    expect(counted.counts()).toEqual({});
    expect(Object.keys(limited.attributes(many))).toHaveLength(128);
    expect(counted.counts()).toEqual({ attributes_over_limit: 72 });
    expect(limited.attributes({ list: Array.from({ length: 200 }, () => 1) })["list"]).toHaveLength(
      128,
    );
  });

  test("named __proto__ stay attributes and pollute nothing", () => {
    const attributes = guard.attributes(JSON.parse('{"__proto__": ["x"]}'));

    expect(Object.entries(attributes)).toEqual([["__proto__", ["x"]]]);
    expect(Array.isArray(Object.getPrototypeOf(attributes))).toBe(false);
  });

  test("of what is no object are none", () => {
    for (const value of [undefined, null, "text", 5, () => {}]) {
      expect(guard.attributes(value as unknown as Record<string, unknown>)).toEqual({});
    }
  });

  test("that cannot be read say so, and the others are kept", () => {
    const source = Object.defineProperty({ team: "search" }, "broken", {
      enumerable: true,
      get() {
        throw new Error("getter");
      },
    });
    const { proxy, revoke } = Proxy.revocable([1], {});
    revoke();

    expect(guard.attributes({ ...{} })).toEqual({});
    expect(guard.attributes(source)).toEqual({ team: "search", broken: "[unreadable]" });
    expect(guard.attributes({ proxy, team: "search" })).toEqual({
      proxy: "[REDACTION_FAILED]",
      team: "search",
    });
    for (const value of hostileValues) {
      expect(typeof guard.attributes(value as Record<string, unknown>)).toBe("object");
    }
  });
});

test("a redactor that throws lets nothing through, and each time is counted", () => {
  const { guard: closed, diagnostics: counted } = failing();

  expect(closed.value("data", "hunter2")).toBe("[REDACTION_FAILED]");
  expect(closed.text("hunter2")).toBe("[REDACTION_FAILED]");
  expect(closed.key("hunter2")).toBe("[REDACTION_FAILED]");
  expect(closed.structure({ a: "hunter2" })).toBe("[REDACTION_FAILED]");
  expect(closed.attributes({ a: "hunter2" })).toEqual({
    "[REDACTION_FAILED]": "[REDACTION_FAILED]",
  });
  expect(counted.counts()["tag_guard_failed"]).toBeGreaterThanOrEqual(6);
});

test("what was guarded before changes nothing, by whatever way a value comes in", () => {
  const keys = fc.constantFrom("tier", "resource.name", "user.password", "__proto__", "span.type");
  const values = fc.constantFrom("free", "paid", "a@example.com", secret, "x".repeat(70), 7, "7");
  const ways = fc.constantFrom("value", "write", "in place", "content");
  const outcome = (used: TagGuard, way: string, key: string, value: unknown) => {
    if (way === "value") return used.value(key, value);
    if (way === "content") return used.value(key, value, "content");
    const tags: Record<string, unknown> = way === "write" ? {} : { first: 1, [key]: value };
    if (way === "write") used.writeTag(tags, key, value);
    // What it leaves undone, the caller does tag by tag.
    else if (used.guardInPlace(tags, 10) === undefined) return "left to the caller";
    return Object.entries(tags);
  };

  fc.assert(
    fc.property(fc.array(fc.tuple(ways, keys, values), { maxLength: 60 }), (calls) => {
      const used = new TagGuard(createRedactor(), diagnostics);
      for (const [way, key, value] of calls) {
        const fresh = new TagGuard(createRedactor(), diagnostics);
        expect(outcome(used, way, key, value)).toEqual(outcome(fresh, way, key, value));
      }
    }),
    { numRuns: 40 },
  );
});
