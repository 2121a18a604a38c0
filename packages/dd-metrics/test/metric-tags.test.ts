import { createFoundation, type FaultCounts, silentLogger } from "@llmdevops/dd-core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { formatTags } from "../src/metric-tags.ts";
import { readTags } from "../src/tag-entries.ts";
import { startMetrics } from "./metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function format(
  tags: unknown,
  maximumBytes = 1_000,
): { tags: string[]; faults: FaultCounts; errors: Error[] } {
  const errors: Error[] = [];
  const { guard, diagnostics } = createFoundation({
    service: "checkout",
    logger: silentLogger,
    onError: (error) => errors.push(error),
  });
  const entries = readTags(tags, guard, diagnostics);
  const formatted = formatTags(entries, { guard, diagnostics, maximumBytes });
  return { tags: formatted, faults: diagnostics.counts(), errors };
}

describe("one tag", () => {
  test("is written as key and value, whatever kind of scalar it is", () => {
    expect(format({ a: "x", b: 2, c: false, url: "http://h:80/p", empty: "" }).tags).toEqual([
      "a:x",
      "b:2",
      "c:false",
      "url:http://h:80/p",
      "empty",
    ]);
  });

  test("is left out when it has no value", () => {
    const { tags, faults } = format({ a: undefined, b: null, c: "x" });

    expect(tags).toEqual(["c:x"]);
    expect(faults).toEqual({});
  });

  test("cannot end itself, its line or its field", () => {
    expect(format({ "a:b|c,d e#f@g\nh": "1,2|3\n4\r5#6@7" }).tags).toEqual([
      "a_b_c_d_e_f_g_h:1_2_3_4_5_6_7",
    ]);
  });

  test("is left out and counted when its key is empty", () => {
    expect(format({ "": "x", b: "y" })).toMatchObject({
      tags: ["b:y"],
      faults: { metric_tags_invalid: 1 },
    });
  });

  test("is cut to 200 characters, never within a character", () => {
    const { tags } = format({
      k: "v".repeat(500),
      e: `${"v".repeat(197)}😀`,
      f: `${"v".repeat(196)}😀`,
    });

    expect(tags).toEqual([
      `k:${"v".repeat(198)}`,
      `e:${"v".repeat(197)}`,
      `f:${"v".repeat(196)}😀`,
    ]);
  });

  test("shows neither a secret nor personal data, in key or value", () => {
    const text = format({
      password: "hunter2",
      api_key: "abcdefgh12345678",
      note: "write to jane.doe@example.com",
      "jane.doe@example.com": "x",
    }).tags.join();

    expect(text).not.toMatch(/hunter2|abcdefgh|jane/);
  });

  test("whose getter throws is left out and counted, the others are kept", () => {
    const tags = {
      a: "x",
      get b(): string {
        throw new Error("no");
      },
      c: "z",
    };

    expect(format(tags)).toMatchObject({
      tags: ["a:x", "c:z"],
      faults: { metric_tags_invalid: 1 },
    });
  });
});

describe("all tags of a line", () => {
  test("may be a list of texts, each guarded like key and value", () => {
    const list = [
      "env:prod",
      "beta",
      "url:http://h:80/p",
      "team:a",
      "team:b",
      "password:hunter2",
      "mail:jane.doe@example.com",
      "https://jane:hunter2@example.com/",
      "a|b:1,2",
    ];
    const { tags, faults } = format(list);

    expect(tags.slice(0, 5)).toEqual(list.slice(0, 5));
    expect(tags.join()).not.toMatch(/hunter2|jane\.doe/);
    expect(tags.at(-1)).toBe("a_b:1_2");
    expect(faults).toEqual({});
  });

  test("of a list that are no text are left out and counted", () => {
    const list = ["a:1", 5, undefined, null, {}, "", ":x", "b"];
    Object.defineProperty(list, 7, {
      get: () => {
        throw new Error("no");
      },
    });

    expect(format(list)).toMatchObject({ tags: ["a:1"], faults: { metric_tags_invalid: 5 } });
  });

  test("are none and counted when they are neither an object nor a list", () => {
    const refusing = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );

    for (const tags of ["env:prod", 5, refusing]) {
      expect(format(tags)).toMatchObject({ tags: [], faults: { metric_tags_invalid: 1 } });
    }
    for (const tags of [undefined, null, {}]) {
      expect(format(tags)).toEqual({ tags: [], faults: {}, errors: [] });
    }
  });

  test("are at most 100, and the surplus is reported once a line", () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`k${index}`, 1]));
    const { tags, faults, errors } = format(many, 100_000);

    expect(tags).toHaveLength(100);
    expect(faults).toEqual({ metric_tags_over_limit: 1 });
    expect(errors.map(({ name }) => name)).toEqual(["TagLimitExceededError"]);
  });

  test("are looked at up to the thousandth", () => {
    const list = Array.from({ length: 1_001 }, () => "");
    const tags = Object.fromEntries(list.map((_, index) => [`k${index}`, undefined]));
    const before = { metric_tags_over_limit: 1 };

    expect(format({ ...tags, last: 1 })).toMatchObject({ tags: [], faults: before });
    expect(format([...list, "last:1"])).toMatchObject({ tags: [], faults: before });
  });

  test("fit the bytes that the line has for them", () => {
    expect(format({ a: "é", b: "x" }, 9).tags).toEqual(["a:é", "b:x"]);
    expect(format({ a: "é", b: "x" }, 8).tags).toEqual(["a:é"]);
  });

  test("of any object keep to the form and the limits, and leave the object alone", () => {
    const anyTags = fc.oneof(
      fc.dictionary(fc.string({ unit: "binary" }), fc.anything(), { maxKeys: 30 }),
      fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.anything()), { maxLength: 30 }),
    );
    fc.assert(
      fc.property(anyTags, fc.nat(2_000), (tags, maximumBytes) => {
        const before = Object.entries(tags);
        const formatted = format(tags, maximumBytes).tags;

        for (const tag of formatted) {
          expect(tag).toMatch(/^[^,|#@\r\n]+$/);
          expect(tag.length).toBeLessThanOrEqual(200);
        }
        const bytes = formatted.reduce((sum, tag) => sum + Buffer.byteLength(tag) + 1, 0);
        expect(bytes).toBeLessThanOrEqual(maximumBytes);
        expect(Object.entries(tags)).toStrictEqual(before);
      }),
      { numRuns: 150 },
    );
  });
});

describe("unified tags", () => {
  test("are on every line exactly once, whatever the environment says as well", async () => {
    vi.stubEnv("DD_ENV", "staging");
    vi.stubEnv("DD_SERVICE", "other");
    vi.stubEnv("DD_VERSION", "0");
    vi.stubEnv("DD_TAGS", "team:payments,env:ignored,version:ignored,region:eu");
    vi.stubEnv("DD_ENTITY_ID", "pod-1");
    const { record } = await startMetrics({
      service: "checkout",
      env: "prod",
      version: "1.2.3",
      tags: { region: "us", env: "nope" },
    });

    const lines = await record((client) => {
      client.gauge("g", 1, { channel: "web" });
      client.increment("c");
    }, 2);

    const unified = [
      "dd.internal.entity_id:pod-1",
      "env:prod",
      "region:us",
      "service:checkout",
      "team:payments",
      "version:1.2.3",
    ];
    expect([...(lines[0]?.tags ?? [])].sort()).toEqual(["channel:web", ...unified]);
    expect([...(lines[1]?.tags ?? [])].sort()).toEqual(unified);
  });

  test("leave out what is not known", async () => {
    const { record } = await startMetrics();

    const [line] = await record((client) => client.increment("c"));

    expect(line?.tags).toEqual(["service:checkout"]);
  });

  test("give way to a tag of the same name on the call", async () => {
    const { record } = await startMetrics({ env: "prod" });

    const [line] = await record((client) => client.increment("c", 1, { env: "canary" }));

    expect(line?.tags).toEqual(["service:checkout", "env:canary"]);
  });

  test("pass the guard where they come from the configuration", async () => {
    const { record } = await startMetrics({
      tags: { password: "hunter2", owner: "jane.doe@example.com", "bad,key": "a|b" },
    });

    const [line] = await record((client) => client.increment("c"));

    expect(line?.text).not.toMatch(/hunter2|jane/);
    expect(line?.tags).toContain("bad_key:a_b");
  });
});
