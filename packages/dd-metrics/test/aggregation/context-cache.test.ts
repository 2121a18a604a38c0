import { createFoundation, silentLogger } from "@llmdevops/dd-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ContextCache } from "../../src/aggregation/context-cache.ts";
import { MetricContext } from "../../src/aggregation/metric-context.ts";
import { CardinalityGuard } from "../../src/cardinality/cardinality-guard.ts";
import { resolveCardinalityOptions } from "../../src/cardinality/cardinality-options.ts";
import { readTags, type TagEntry, type Tags } from "../../src/tag-entries.ts";

function start(options: Parameters<typeof resolveCardinalityOptions>[0] = { enabled: false }) {
  const resolved: [string, readonly TagEntry[]][] = [];
  const { guard: tagGuard, diagnostics } = createFoundation({
    service: "checkout",
    logger: silentLogger,
  });
  const guard = new CardinalityGuard(resolveCardinalityOptions(options));
  const cache = new ContextCache(guard, {
    read: (tags) => readTags(tags, tagGuard, diagnostics),
    resolve(name, tags) {
      resolved.push([name, tags]);
      return new MetricContext({ type: "c", name, fields: "", key: "", isDirect: false });
    },
  });
  return { cache, resolved, guard };
}

describe("a combination of name and tags", () => {
  test("is resolved once, whatever object it comes in", () => {
    const { cache, resolved } = start();
    const found = [
      cache.find("c", { a: "x", b: 1 }),
      cache.find("c", { a: "x", b: 1 }),
      cache.find("c", Object.freeze({ a: "x", b: 1 })),
    ];

    expect(new Set(found).size).toBe(1);
    expect(resolved).toEqual([
      [
        "c",
        [
          ["a", "x"],
          ["b", 1],
        ],
      ],
    ]);
  });

  test("differs by name, key, value, kind of value, and absence", () => {
    const { cache } = start();
    const tags: (Tags | undefined)[] = [
      undefined,
      { a: "1" },
      { a: 1 },
      { a: true },
      { b: "1" },
      { a: "1", b: "1" },
      { a: undefined },
    ];
    const found = tags.flatMap((each) => [cache.find("c", each), cache.find("d", each)]);

    expect(new Set(found).size).toBe(14);
  });

  test("of a frozen object is found by the object, unless a getter could change it", () => {
    const { cache, resolved } = start();
    let value = "first";
    const changing = Object.freeze({
      get a() {
        return value;
      },
    });
    const first = cache.find("c", changing);
    expect(cache.find("c", changing)).toBe(first);
    value = "second";

    expect(cache.find("c", changing)).not.toBe(first);
    expect(resolved).toEqual([
      ["c", [["a", "first"]]],
      ["c", [["a", "second"]]],
    ]);
  });

  test.each([
    [1, 0],
    [3, 0],
    [64, 0],
    [200, 200],
  ])("of %i frozen objects in turn is looked at %i times when all are known", (count, looks) => {
    const { cache, resolved } = start();
    let looked = 0;
    const sets = Array.from({ length: count }, (_, index) => {
      const watched: ProxyHandler<{ readonly model: string }> = {
        ownKeys(target) {
          looked += 1;
          return Reflect.ownKeys(target);
        },
      };
      return new Proxy(Object.freeze({ model: `m${index}` }), watched);
    });
    const first = sets.map((tags) => cache.find("c", tags));
    for (const tags of sets) cache.find("c", tags);
    looked = 0;

    expect(sets.map((tags) => cache.find("c", tags))).toEqual(first);
    expect(looked).toBeGreaterThanOrEqual(looks);
    if (looks === 0) expect(looked).toBe(0);
    expect(new Set(first).size).toBe(count);
    expect(resolved).toHaveLength(count);
  });

  test("whose getter answers differently each time is resolved as it was read", () => {
    const { cache, resolved } = start();
    let reads = 0;
    const tags = {
      get a() {
        reads += 1;
        return `read ${reads}`;
      },
    };
    const context = cache.find("c", tags);

    expect(resolved).toEqual([["c", [["a", "read 2"]]]]);
    expect(cache.find("c", { a: "read 2" })).toBe(context);
  });

  test("that cannot be remembered is resolved each time", () => {
    const { cache, resolved } = start();
    const unusual = [{ a: "x".repeat(201) }, { a: [1] as never }, [`a:${"x".repeat(201)}`]];

    for (const tags of [...unusual, ...unusual]) cache.find("c", tags);

    expect(resolved).toHaveLength(6);
  });

  test("that cannot be read is that of the tags that can", () => {
    const { cache } = start();
    const refusing = new Proxy({} as Tags, {
      ownKeys: () => {
        throw new Error("no");
      },
    });
    const throwing = {
      get a(): string {
        throw new Error("no");
      },
      b: "x",
    };

    expect(cache.find("c", refusing)).toBe(cache.find("c", {}));
    expect(cache.find("c", throwing)).toBe(cache.find("c", { b: "x" }));
    expect(cache.find("c", ["b:x", 5 as never])).toBe(cache.find("c", { b: "x" }));
    expect(cache.find("c", "b:x" as never)).toBe(cache.find("c", {}));
  });

  test("in a list leads where the same tags lead in an object", () => {
    const { cache, resolved } = start();
    const context = cache.find("c", { a: "x", url: "http://h", beta: "" });

    expect(cache.find("c", ["a:x", "url:http://h", "beta"])).toBe(context);
    const frozen = Object.freeze(["a:x", "url:http://h", "beta"]);
    expect(cache.find("c", frozen)).toBe(context);
    expect(cache.find("c", frozen)).toBe(context);
    expect(cache.find("c", ["a:x", "a:y"])).not.toBe(cache.find("c", ["a:y"]));
    expect(resolved).toHaveLength(3);
  });

  test("does not come from the prototype", () => {
    const { cache, resolved } = start();
    const tags = Object.create({ inherited: "x" }, { own: { value: "y", enumerable: true } });
    cache.find("c", tags);
    cache.find("c", JSON.parse('{"__proto__":"x","constructor":"y"}'));

    expect(resolved.map(([, entries]) => entries.map(([key]) => key))).toEqual([
      ["own"],
      ["__proto__", "constructor"],
    ]);
  });
});

test("any tags lead where the same tags lead, and nowhere else", () => {
  const tagValue = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean());
  const anyTags = fc.dictionary(fc.constantFrom("a", "b", "c"), tagValue, {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(fc.array(anyTags, { maxLength: 30 }), (all) => {
      const { cache } = start();
      const byText = new Map<string, unknown>();
      for (const tags of all) {
        const text = JSON.stringify(Object.entries(tags));
        const context = cache.find("c", { ...tags });
        expect(context).toBe(byText.get(text) ?? context);
        byText.set(text, context);
      }
      expect(new Set(byText.values()).size).toBe(byText.size);
    }),
  );
});

describe("values that are suppressed", () => {
  test("take one path and no memory, and are counted once a call", () => {
    const { cache, resolved, guard } = start({ maxValuesPerTag: 2 });
    for (let index = 0; index < 1_000; index += 1) {
      cache.find("c", { user_id: `u${index}`, zone: `z${index}` });
    }
    for (let index = 0; index < 1_000; index += 1) {
      cache.find("d", [`user_id:u${index}`, `zone:z${index}`]);
    }

    expect(resolved).toHaveLength(6);
    expect(guard.suppressions().map(({ subject, calls }) => [subject, calls])).toEqual([
      ["user_id", 2_000],
      ["zone", 1_996],
    ]);
  });
});

describe("memory", () => {
  test("is bounded: what was remembered longest ago is resolved again", () => {
    const { cache, resolved } = start();
    const early = cache.find("c", { a: "early" });
    for (let index = 0; index < 25_000; index += 1) cache.find("c", { a: index });

    expect(cache.find("c", { a: "early" })).not.toBe(early);
    expect(resolved).toHaveLength(25_002);
  });

  test("is bounded for keys that are made up anew each time", () => {
    const { cache, resolved } = start({});
    const early = cache.find("c", { a: "early" });
    for (let index = 0; index < 25_000; index += 1) cache.find("c", { [`key${index}`]: 1 });

    expect(cache.find("c", { a: "early" })).not.toBe(early);
    expect(resolved.at(-1)).toEqual(["c", [["a", "early"]]]);
  });

  test("and time are bounded for tags without end", () => {
    const { cache } = start();
    let reads = 0;
    const endless = new Proxy(
      Array.from({ length: 5_000 }, (_, index) => `k${index}:v`),
      {
        get(target, key, receiver) {
          if (typeof key === "string" && /^\d+$/.test(key)) reads += 1;
          return Reflect.get(target, key, receiver);
        },
      },
    );
    const many = Object.fromEntries(endless.map((key) => [key, 1]));
    reads = 0;

    expect(cache.find("c", endless)).toBeDefined();
    expect(cache.find("c", many)).toBeDefined();
    expect(reads).toBe(1_000);
  });

  test("is bounded for names as well, and given back", () => {
    const { cache, resolved } = start();
    for (let index = 0; index < 25_000; index += 1) cache.find(`name${index}`, undefined);
    cache.find("name0", undefined);
    cache.find("name24999", undefined);
    cache.clear();
    cache.find("name24999", undefined);

    expect(resolved).toHaveLength(25_002);
  });
});
