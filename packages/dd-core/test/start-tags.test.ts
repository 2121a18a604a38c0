import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BackendSpan, createTracingOn, type TracerBackend } from "../src/backend.ts";
import { inertBackend } from "../src/dd-trace/inert-backend.ts";
import { createFoundation, type Span, silentLogger } from "../src/index.ts";
import { spanOwner } from "../src/span/traced-span.ts";
import { hostileValues } from "./support/hostile-values.ts";

/** The tags of every span, as the tracer underneath has them. */
const held: Record<string, unknown>[] = [];
const backend: TracerBackend = {
  ...inertBackend,
  readTag: (span, key) => Reflect.get(span, "tags")[key],
  startSpan(name, options, ...hints) {
    const tags: Record<string, unknown> = Object.assign(Object.create(null), options.tags);
    held.push(tags);
    const set = (key: string, value: unknown) => {
      tags[key] = value;
    };
    const context = inertBackend.startSpan(name, options, ...hints).context();
    return {
      tags,
      setTag: set,
      addTags: (more: Record<string, unknown>) => void Object.assign(tags, more),
      context: () => context,
      finish: () => {},
    } as BackendSpan;
  },
};
const tracing = createTracingOn(
  backend,
  createFoundation({ service: "checkout", logger: silentLogger }),
);

function startedWith(tags: object): Record<string, unknown> {
  tracing.startSpan("work", { tags: tags as Record<string, unknown> });
  return { ...held.at(-1) };
}

function setLater(tags: object): Record<string, unknown> {
  tracing.startSpan("work").setTags(tags as Record<string, unknown>);
  return { ...held.at(-1) };
}

function setOneByOne(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const span = tracing.startSpan("work");
  for (const [name, given] of entries) span.setTag(name, given);
  return { ...held.at(-1) };
}

const key = fc.oneof(
  fc.constantFrom("a", "b", "password", "apiKey", "mail to ada@example.com", "resource.name"),
  fc.constantFrom("service", "env", "__proto__", "toString", "", "k".repeat(300)),
  fc.string({ maxLength: 5 }),
);
const value = fc.oneof(
  fc.constantFrom("text", "mail ada@example.com", "ada@example.com", "x".repeat(70), 7, true),
  fc.string(),
  // By its place, since the generator itself would stumble over the value.
  fc.record({ hostile: fc.nat(hostileValues.length - 1) }),
);
const anyEntries = fc.array(fc.tuple(key, value), { maxLength: 8 });

function tagsOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const values = entries.map(([name, given]) => {
    const isHostile = typeof given === "object" && given !== null && "hostile" in given;
    return [name, isHostile ? hostileValues[Number(given.hostile)] : given] as const;
  });
  return Object.fromEntries(values.filter(([name]) => name !== "error"));
}

describe("tags that a span starts with", () => {
  test("are what they would be if they were set later, whatever came before", () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const tags = tagsOf(entries);
        const expected = setOneByOne(Object.entries(tags));

        expect(startedWith(tags)).toEqual(expected);
        expect(setLater(tags)).toEqual(expected);
        // Once more, since what was found harmless is remembered.
        expect(startedWith(tags)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  test("never hold an address or a secret under a sensitive key, and only what can be sent", () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const found = startedWith({
          ...tagsOf(entries),
          password: "hunter2",
          mail: "to ada@example.com",
        });

        expect(JSON.stringify(found)).not.toMatch(/ada@example\.com|hunter2/);
        for (const sent of Object.values(found)) {
          expect(["string", "number", "boolean"]).toContain(typeof sent);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("are 1,024 at most, and as many may be set later; the rest is counted", () => {
    const before = tracing.diagnostics.counts()["span_tags_over_limit"] ?? 0;
    const counted = () => (tracing.diagnostics.counts()["span_tags_over_limit"] ?? 0) - before;
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, 1]));

    expect(Object.keys(startedWith(many))).toHaveLength(1_024);
    expect(counted()).toBe(976);
    const span = tracing.startSpan("work").setTags(many);
    expect(Object.keys(held.at(-1) ?? {})).toHaveLength(1_024);
    expect(counted()).toBe(976 * 2);
    span.setTag("k0", 2).setTag("new", 3).setTag("error", true);
    expect(held.at(-1)).toMatchObject({ k0: 2 });
    expect(held.at(-1)).not.toHaveProperty("new");
    const exact = Object.fromEntries(Object.entries(many).slice(0, 1_024));
    expect(startedWith(exact)).toEqual(exact);
    expect(counted()).toBe(976 * 2 + 2);
  });

  test("are 1,024 at most, also where they are set a few at a time", () => {
    const span = tracing.startSpan("work");
    for (let from = 0; from < 2_000; from += 100) {
      const keys = Array.from({ length: 100 }, (_, index) => [`k${from + index}`, 1]);
      span.setTags(Object.fromEntries(keys));
    }

    expect(Object.keys(held.at(-1) ?? {})).toHaveLength(1_024);
  });

  test("keep the trace where one of them says that the span has failed", () => {
    tracing.startSpan("work").setTags({ a: 1, error: true });

    expect(held.at(-1)).toEqual({ a: 1, error: true, "manual.keep": true });
  });

  test("are none where what is given is no object", () => {
    expect(["text", 5, null, undefined].map((given) => setLater(given as never))).toEqual([
      {},
      {},
      {},
      {},
    ]);
  });

  test("are a copy: the caller's object stays as it is", () => {
    const tags = Object.freeze({ mail: "ada@example.com", nested: Object.freeze({ a: 1 }) });

    expect(startedWith(tags)).toEqual({ mail: "[EMAIL_REDACTED]", nested: '{"a":1}' });
    expect(tags).toEqual({ mail: "ada@example.com", nested: { a: 1 } });
  });

  test("are guarded one by one where one of them cannot be read", () => {
    const tags = Object.defineProperty({ mail: "ada@example.com", plain: 1 }, "broken", {
      enumerable: true,
      get() {
        throw new Error("getter");
      },
    });

    expect(startedWith(tags)).toMatchObject({ mail: "[EMAIL_REDACTED]", plain: 1 });
  });

  test("remembered as harmless under one key are still looked at under another", () => {
    expect(startedWith({ name: "hunter2" })).toEqual({ name: "hunter2" });
    expect(startedWith({ password: "hunter2" })).toEqual({ password: "[REDACTED]" });
    expect(startedWith({ name: "hunter2", password: "hunter2" })).toEqual({
      name: "hunter2",
      password: "[REDACTED]",
    });
  });
});

describe.each(["baggage", "owner", "timeoutMs", "onFinish", "keep", "llmobs", "links"])(
  "a getter %s that throws",
  (option) => {
    const getter = {
      enumerable: true,
      get() {
        throw new Error("getter");
      },
    };

    test.each([
      ["an object", () => Object.defineProperty({}, option, getter)],
      [
        "what an object inherits from",
        () => Object.create(Object.defineProperty({}, option, getter)),
      ],
      [
        "a class",
        () =>
          Object.create(
            Object.defineProperty(new (class {})(), option, { ...getter, enumerable: false }),
          ),
      ],
      [
        "an object without a prototype",
        () => Object.defineProperty(Object.create(null), option, getter),
      ],
    ])("in %s leaves no span open on the tracer underneath", (_, optionsOf) => {
      const before = [held.length, tracing.diagnostics.counts()["span_start_failed"] ?? 0] as const;
      tracing.startSpan("work", optionsOf()).finish();

      const after = [held.length, tracing.diagnostics.counts()["span_start_failed"]];
      expect(after).toEqual([before[0], before[1] + 1]);
    });
  },
);

test("options that an object inherits, or a class computes, count as its own do", () => {
  class Options {
    get resource(): string {
      return "computed";
    }
  }
  const all = [new Options(), Object.create({ resource: "inherited" }), { resource: "own" }];
  const spans = all.map((options) => tracing.startSpan("work", options));
  expect(spans.map((span) => span.getTag("resource.name"))).toEqual([
    "computed",
    "inherited",
    "own",
  ]);
});

test("a parent and tags count wherever an object has them from", () => {
  const owner = {};
  const parent = tracing.startSpan("parent", { owner });
  const own = { childOf: parent, tags: { a: 1 } };
  class Computed {
    get childOf(): Span {
      return parent;
    }
    get tags(): Record<string, unknown> {
      return own.tags;
    }
  }
  const all = [
    own,
    { ...own, startTime: Date.now() },
    new Computed(),
    Object.create(own),
    Object.assign(Object.create(null), own),
  ];
  for (const options of all) {
    const span = tracing.startSpan("work", options);

    expect(held.at(-1)).toEqual({ a: 1 });
    expect(spanOwner(span)).toBe(owner);
  }
});
