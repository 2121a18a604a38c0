import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../src/index.ts";
import { secret } from "./secrets.ts";

const redactor = createRedactor();

/** Every string in a value, keys included, found without the code under test. */
function strings(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "symbol") return [value.toString()];
  if (typeof value !== "object" || value === null || seen.has(value)) return [String(value)];
  seen.add(value);
  const inner: unknown[] =
    value instanceof Map
      ? [...value.keys(), ...value.values()]
      : value instanceof Set
        ? [...value]
        : [];
  for (const key of Object.getOwnPropertyNames(value)) {
    inner.push(key, Object.getOwnPropertyDescriptor(value, key)?.value);
  }
  return inner.flatMap((item) => strings(item, seen));
}

/** Random nested values of many kinds with the given leaves. */
function nested(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      leaf,
      tie("list"),
      tie("object"),
      tie("map"),
      tie("set"),
      tie("error"),
      tie("json"),
    ),
    list: fc.array(tie("tree"), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom("a", "note", "__proto__", "toString"), tie("tree"), {
      maxKeys: 3,
    }),
    map: fc
      .array(fc.tuple(fc.string(), tie("tree")), { maxLength: 3 })
      .map((entries) => new Map(entries)),
    set: fc.array(tie("tree"), { maxLength: 3 }).map((items) => new Set(items)),
    error: fc
      .tuple(leaf, tie("tree"))
      .map(([message, cause]) => new Error(String(message), { cause })),
    json: leaf.map((value) => JSON.stringify({ arguments: JSON.stringify({ q: value }) })),
  }));
  return tree as fc.Arbitrary<unknown>;
}

describe("redactValue", () => {
  it("lets no planted secret through, wherever it is", () => {
    const holder = secret.chain((planted) =>
      fc.record({
        planted: fc.constant(planted),
        value: nested(fc.constant(`see ${planted} there`)),
      }),
    );
    fc.assert(
      fc.property(holder, ({ planted, value }) => {
        for (const text of strings(redactor.redactValue(value))) {
          expect(text).not.toContain(planted);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("never throws and never changes what it is given", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withMap: true,
          withSet: true,
          withDate: true,
          withNullPrototype: true,
          withObjectString: true,
          withTypedArray: true,
          withSparseArray: true,
        }),
        (value) => {
          const before = fc.stringify(value);
          redactor.redactValue(value);
          expect(fc.stringify(value)).toBe(before);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("keeps arrays, maps, sets, dates, numbers and booleans what they are", () => {
    const value = {
      list: [1, [2]],
      map: new Map<unknown, unknown>([
        ["a", 1],
        [2, "b"],
      ]),
      set: new Set([1, "x"]),
      date: new Date(0),
      big: 10n,
      yes: true,
      nothing: null,
      missing: undefined,
    };

    const copy = redactor.redactValue(value);

    expect(copy).toEqual(value);
    expect(copy).not.toBe(value);
  });

  it("copies class instances by their own properties", () => {
    class Account {
      mail = "ada@example.com";
      readonly #secret = "hidden";
      reveal(): string {
        return this.#secret;
      }
    }

    expect(redactor.redactValue(new Account())).toEqual({ mail: "[EMAIL_REDACTED]" });
  });

  it("copies errors with causes, aggregated errors and own properties", () => {
    const inner = new RangeError("bob@example.com");
    const error = new AggregateError([inner], "ada@example.com", { cause: { password: "x" } });
    Object.assign(error, { code: "E42", request: { authorization: "Bearer abc" } });

    const copy = redactor.redactValue(error) as AggregateError & { code: string; request: object };

    expect(copy).toBeInstanceOf(Error);
    expect(copy.name).toBe("AggregateError");
    expect(copy.message).toBe("[EMAIL_REDACTED]");
    expect(copy.stack).not.toContain("ada@example.com");
    expect(copy.cause).toEqual({ password: "[REDACTED]" });
    expect((copy.errors[0] as Error).message).toBe("[EMAIL_REDACTED]");
    expect(copy.code).toBe("E42");
    expect(copy.request).toEqual({ authorization: "[REDACTED]" });
  });

  it("marks cycles, but not what only appears twice", () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { first: shared, second: shared };
    value["self"] = value;

    expect(redactor.redactValue(value)).toEqual({
      first: { a: 1 },
      second: { a: 1 },
      self: "[Circular]",
    });
  });

  it("survives getters that throw, throwing toJSON and revoked proxies", () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    const value = {
      ok: 1,
      get bad(): string {
        throw new Error("no");
      },
      json: {
        toJSON: () => {
          throw new Error("no");
        },
      },
      revoked: revoked.proxy,
      hostile,
    };

    expect(redactor.redactValue(value)).toEqual({
      ok: 1,
      bad: "[REDACTION_FAILED]",
      json: "[REDACTION_FAILED]",
      revoked: "[REDACTION_FAILED]",
      hostile: "[REDACTION_FAILED]",
    });
  });

  it("uses toJSON and redacts what it returns", () => {
    expect(redactor.redactValue({ toJSON: () => ({ mail: "ada@example.com" }) })).toEqual({
      mail: "[EMAIL_REDACTED]",
    });
    expect(redactor.redactValue({ toJSON: () => "ada@example.com" })).toBe("[EMAIL_REDACTED]");
  });

  it("stops a toJSON that returns ever new objects", () => {
    const endless = (): object => ({ toJSON: endless });

    expect(() => redactor.redactValue(endless())).not.toThrow();
  });

  it("reads URLs, headers and search parameters", () => {
    expect(redactor.redactValue(new URL("https://bob:pw@example.com/"))).toBe(
      "https://[URL_CREDENTIALS_REDACTED]@example.com/",
    );
    expect(redactor.redactValue(new Headers({ cookie: "a=b", accept: "*/*" }))).toEqual({
      accept: "*/*",
      cookie: "[REDACTED]",
    });
    expect(redactor.redactValue(new URLSearchParams("token=abc&page=2"))).toEqual({
      token: "[REDACTED]",
      page: "2",
    });
  });

  it("replaces bytes by their length", () => {
    expect(redactor.redactValue(new TextEncoder().encode("ada@example.com"))).toBe(
      "[Uint8Array: 15 bytes]",
    );
  });

  it("reads entries written as name and value", () => {
    expect(
      redactor.redactValue([
        { name: "authorization", value: "abc" },
        { name: "accept", value: "json" },
      ]),
    ).toEqual([
      { name: "authorization", value: "[REDACTED]" },
      { name: "accept", value: "json" },
    ]);
  });

  it("redacts keys and keeps entries whose keys become equal apart", () => {
    expect(redactor.redactValue({ "ada@example.com": 1, "bob@example.com": 2 })).toEqual({
      "[EMAIL_REDACTED]": 1,
      "[EMAIL_REDACTED]#2": 2,
    });
  });

  it("does not pollute prototypes", () => {
    const copy = redactor.redactValue(
      JSON.parse('{"__proto__":{"polluted":true},"a":1}'),
    ) as object;

    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(Object.hasOwn(copy, "__proto__")).toBe(true);
    expect("polluted" in {}).toBe(false);
  });

  it("bounds depth, width, nodes and characters, and counts what it cut", () => {
    const small = createRedactor({
      limits: { maxDepth: 3, maxWidth: 4, maxNodes: 20, maxCharacters: 50 },
    });
    const deep = { a: { b: { c: { d: 1 } } } };

    expect(small.redactValue(deep)).toEqual({ a: { b: { c: "[TRUNCATED: depth]" } } });
    expect(small.redactValue([1, 2, 3, 4, 5, 6])).toEqual([1, 2, 3, 4, "[TRUNCATED: width]"]);
    expect(small.redactValue({ a: 1, b: 2, c: 3, d: 4, e: 5 })).toEqual({
      a: 1,
      b: 2,
      c: 3,
      d: 4,
      "[TRUNCATED]": "1 more keys",
    });
    expect(
      small.redactValue(
        new Map([
          [1, 1],
          [2, 2],
          [3, 3],
          [4, 4],
          [5, 5],
        ]),
      ),
    ).toHaveProperty("size", 4);
    expect(small.redactValue(new Set([1, 2, 3, 4, 5]))).toHaveProperty("size", 5);
    expect(small.redactValue(["x".repeat(40), "y".repeat(40)])).toEqual([
      "x".repeat(40),
      "[TRUNCATED: 40 characters]",
    ]);
    const wide = Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => [[]]));
    expect(JSON.stringify(small.redactValue(wide))).toContain("[TRUNCATED: nodes]");
    expect(Object.keys(small.report().limits).sort()).toEqual([
      "characters",
      "depth",
      "nodes",
      "width",
    ]);
  });

  it("ends on endless iterables and huge sparse arrays", () => {
    const endless = new Map();
    Object.defineProperty(endless, Symbol.iterator, {
      value: function* () {
        for (;;) yield [{}, 1];
      },
    });
    const sparse: unknown[] = [];
    sparse.length = 4_000_000_000;

    expect(redactor.redactValue(endless)).toBeInstanceOf(Map);
    expect(redactor.redactValue(sparse)).toHaveLength(1001);
  });
});

describe("report", () => {
  it("holds counts and no values", () => {
    const fresh = createRedactor();
    fresh.redactValue({
      password: "hunter2",
      mail: "ada@example.com",
      text: "card 4111 1111 1111 1111",
    });

    const report = fresh.report();

    expect(report).toEqual({
      rules: { email: 1, payment_card: 1 },
      keys: 1,
      failures: {},
      limits: {},
    });
    fresh.redact("bob@example.com");
    expect(report.rules).toEqual({ email: 1, payment_card: 1 });
  });
});
