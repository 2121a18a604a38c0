import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CardinalityGuard } from "../../src/cardinality/cardinality-guard.ts";
import { resolveCardinalityOptions } from "../../src/cardinality/cardinality-options.ts";
import { DistinctEstimate } from "../../src/cardinality/distinct-estimate.ts";
import { isIdentifierKey, isIdentifierValue } from "../../src/cardinality/identifier-rules.ts";
import { startMetrics } from "../metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const uuid = (number: number) => `${String(number).padStart(8, "0")}-1111-4111-8111-111111111111`;

describe("keys and values of identifiers", () => {
  test.for([
    "id",
    "user_id",
    "userId",
    "UserID",
    "usr.id",
    "request.uuid",
    "session",
    "user-session",
    "sessionid",
    "traceid",
    "dd.trace_id",
    "order_ids",
    "message_guid",
  ])("%s is the key of an identifier", (key) => {
    expect(isIdentifierKey(key)).toBe(true);
  });

  test.for([
    "llm.request.tokens.input",
    "tokens",
    "token_type",
    "provider",
    "session_type",
    "grid",
    "paid",
    "idle",
    "invalid",
    "author",
    "monkey",
    "identity_provider",
    "uid_kind",
    "valid",
    "",
  ])("%s is not", (key) => {
    expect(isIdentifierKey(key)).toBe(false);
  });

  test("UUIDs, ULIDs and long hexadecimal numbers are identifiers", () => {
    for (const value of [
      uuid(1),
      "01ARZ3NDEKTSV4RRFFQ69G5FAV",
      "4bf92f3577b34da6a3ce929d0e0e4736",
      "0x00f067aa0ba902b7",
    ]) {
      expect(isIdentifierValue(value)).toBe(true);
    }
    for (const value of [
      "claude-sonnet-4-6",
      "gpt-4o-mini-2024-07-18",
      "deadbeef",
      "",
      5,
      true,
      "effacedefacedead",
      "INTERNATIONALIZATIONMATTERS",
    ]) {
      expect(isIdentifierValue(value)).toBe(false);
    }
  });

  test("of any text are told in linear time and without throwing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        expect(typeof isIdentifierKey(text)).toBe("boolean");
        expect(isIdentifierValue(text)).toBe(false);
      }),
    );
  });
});

describe("the estimate of different values", () => {
  test("is within a tenth, from few to many", () => {
    for (const size of [0, 1, 10, 100, 1_000, 10_000, 100_000]) {
      const estimate = new DistinctEstimate();
      for (let index = 0; index < size; index += 1) {
        estimate.add(`user-${index}`);
        estimate.add(`user-${index >> 1}`);
      }
      expect(Math.abs(estimate.count - size)).toBeLessThanOrEqual(size * 0.15 + 1);
    }
  });
});

describe("tags", () => {
  test("of identifiers are left out, counted, and said once with an estimate", async () => {
    const warn = vi.fn();
    const logger = { error: vi.fn(), warn, info: vi.fn(), debug: vi.fn() };
    const { record, metrics, faults } = await startMetrics({ logger } as never);
    const tags = Object.freeze({ route: "a", user_id: "u0" });

    const lines = await record((client) => {
      for (let index = 0; index < 200; index += 1) {
        client.increment("c", 1, { route: "a", user_id: `u${index}` });
      }
      client.increment("c", 1, tags);
    });

    expect(lines.map(({ value, tags: written }) => [value, ...written])).toEqual([
      ["201", "service:checkout", "route:a"],
    ]);
    const [suppression] = metrics.suppressions();
    expect(suppression).toMatchObject({ subject: "user_id", reason: "blocked", calls: 201 });
    expect(Math.abs((suppression?.seriesSaved ?? 0) - 200)).toBeLessThan(30);
    expect(faults()).toEqual({ metric_cardinality_blocked: 201 });
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/user_id.*about \d+ were/));
    expect(tags).toEqual({ route: "a", user_id: "u0" });
  });

  test("with too many values, and identifiers as values, become other", async () => {
    const { record, faults } = await startMetrics({ cardinality: { maxValuesPerTag: 2 } });

    const lines = await record((client) => {
      for (const zone of ["a", "b", "c", "d", "a"]) client.increment("c", 1, { zone });
      client.increment("c", 1, { key: uuid(1) });
      client.increment("c", 1, { key: uuid(2) });
    }, 4);

    expect(lines.map(({ value, tags: [, tag] }) => [tag, value])).toEqual([
      ["zone:a", "2"],
      ["zone:b", "1"],
      ["zone:other", "2"],
      ["key:other", "2"],
    ]);
    expect(faults()).toEqual({
      metric_cardinality_too_many_values: 2,
      metric_cardinality_identifier: 2,
    });
  });

  test("that are allowed are neither blocked nor limited, and further ones may be blocked", async () => {
    const { record } = await startMetrics({
      cardinality: { maxValuesPerTag: 1, allowedTags: ["team_id"], blockedTags: ["shard"] },
    });

    const lines = await record((client) => {
      for (const number of [1, 2, 3])
        client.gauge(`g${number}`, 1, { team_id: uuid(number), shard: number });
    }, 3);

    expect(lines.map(({ tags }) => tags[1])).toEqual([1, 2, 3].map((n) => `team_id:${uuid(n)}`));
    expect(lines.every(({ tags }) => tags.length === 2)).toBe(true);
  });

  test("are all kept where the protection is off", async () => {
    const { record } = await startMetrics({ cardinality: { enabled: false, maxValuesPerTag: 1 } });

    const lines = await record((client) => {
      for (const number of [1, 2, 3]) client.increment("c", 1, { user_id: uuid(number) });
    }, 3);

    expect(new Set(lines.map(({ tags }) => tags[1])).size).toBe(3);
  });

  test("of tokens are neither identifiers nor secrets", async () => {
    const { record } = await startMetrics();

    const [line] = await record((client) => {
      client.increment("llm.request.tokens.input", 5, { token_type: "input", max_tokens: 4096 });
    });

    expect(line?.name).toBe("llm.request.tokens.input");
    expect(line?.tags.slice(1)).toEqual(["token_type:input", "max_tokens:4096"]);
  });

  test("in a list are bounded like those of an object", async () => {
    const { record } = await startMetrics({ cardinality: { maxValuesPerTag: 1 } });

    const [line] = await record((client) => {
      client.increment("c", 1, ["zone:a"]);
      client.increment("d", 1, ["user_id:42", "zone:b", `job:${uuid(1)}`, "beta"]);
    }, 2).then((lines) => lines.slice(1));

    expect(line?.tags.slice(1)).toEqual(["zone:other", "job:other", "beta"]);
  });

  test("of a scope are bounded like those of a call", async () => {
    const { record, metrics } = await startMetrics({ cardinality: { maxValuesPerTag: 2 } });

    const lines = await record((client) => {
      for (let index = 0; index < 5; index += 1) {
        const tags = { request_id: `r${index}`, zone: `z${index}` };
        client.scope({ tags }).increment("c");
      }
    }, 3);

    expect(lines.map(({ value, tags }) => [value, ...tags.slice(1)])).toEqual([
      ["1", "zone:z0"],
      ["1", "zone:z1"],
      ["3", "zone:other"],
    ]);
    expect(metrics.suppressions().map(({ subject, calls }) => [subject, calls])).toEqual([
      ["request_id", 5],
      ["zone", 3],
    ]);
  });

  test("that are objects or long texts are counted as values too", async () => {
    const { record, metrics } = await startMetrics({ cardinality: { maxValuesPerTag: 1 } });
    const long = "x".repeat(300);

    const lines = await record((client) => {
      for (const end of ["1", "2"]) client.increment("c", 1, { note: `${end}${long}` });
      for (const id of [1, 2]) client.increment("d", 1, { shape: { id } as never });
    }, 4);

    expect(lines.map(({ tags }) => tags[1]?.slice(0, 12))).toEqual([
      "note:1xxxxxx",
      "note:other",
      'shape:{"id":',
      "shape:other",
    ]);
    expect(metrics.suppressions()).toHaveLength(2);
  });
});

describe("series of one metric", () => {
  test("beyond the limit share one in which every tag of the call is other", async () => {
    const { record, metrics, faults } = await startMetrics({
      tags: { team: "a" },
      cardinality: { maxSeriesPerMetric: 4 },
    });

    const lines = await record((client) => {
      for (const x of [1, 2, 3]) for (const y of [1, 2, 3]) client.increment("c", 1, { x, y });
      client.increment("d", 1, { x: 1, y: 1 });
    }, 6);

    expect(lines.map(({ name, value, tags: [, , ...own] }) => `${name} ${value} ${own}`)).toEqual([
      "c 1 x:1,y:1",
      "c 1 x:1,y:2",
      "c 1 x:1,y:3",
      "c 1 x:2,y:1",
      "c 5 x:other,y:other",
      "d 1 x:1,y:1",
    ]);
    expect(metrics.suppressions()).toMatchObject([
      { subject: "c", reason: "too_many_series", calls: 5, seriesSaved: 5 },
    ]);
    expect(faults()).toEqual({ metric_cardinality_too_many_series: 5 });
  });

  test("include those that the tags of scopes make", async () => {
    const { record } = await startMetrics({ cardinality: { maxSeriesPerMetric: 2 } });

    const lines = await record((client) => {
      for (const zone of ["a", "b", "c", "d"]) {
        client.scope({ tags: { zone } }).increment("c", 1, { x: 1 });
      }
    }, 3);

    expect(lines.map(({ value, tags }) => [value, ...tags.slice(1)])).toEqual([
      ["1", "zone:a", "x:1"],
      ["1", "zone:b", "x:1"],
      ["2", "zone:other", "x:other"],
    ]);
  });

  test("are counted once, though nothing is gathered and many scopes lead to one", async () => {
    const { record, metrics } = await startMetrics({
      aggregation: { enabled: false },
      cardinality: { maxSeriesPerMetric: 2 },
    });

    const lines = await record((client) => {
      for (let index = 0; index < 10; index += 1) {
        client.scope({ tags: { zone: "a" } }).increment("c");
      }
    }, 10);

    expect(new Set(lines.map(({ tags }) => tags.at(-1)))).toEqual(new Set(["zone:a"]));
    expect(metrics.suppressions()).toEqual([]);
  });
});

describe("memory", () => {
  test("keeps a bounded number of keys; further ones are left out and counted", () => {
    const guard = new CardinalityGuard(resolveCardinalityOptions());
    for (let index = 0; index < 5_000; index += 1) guard.rule(`key${index}`);

    expect(guard.rule("key0").verdict("x")).toBe("kept");
    expect(guard.rule("key4999").admit("x")).toBe("left_out");
    expect(guard.rule("key4998")).toBe(guard.rule("key4999"));
    expect(guard.suppressions()).toMatchObject([{ subject: "(further keys)", calls: 1 }]);
    const fresh = new CardinalityGuard(resolveCardinalityOptions());
    expect(fresh.rule("k".repeat(201)).verdict("x")).toBe("left_out");
    expect(fresh.rule("k".repeat(200)).verdict("x")).toBe("kept");
  });

  test("of values and series begins anew after an hour", () => {
    let now = 0;
    const options = resolveCardinalityOptions({ maxValuesPerTag: 1, maxSeriesPerMetric: 1 });
    const guard = new CardinalityGuard(options, () => now);
    expect(guard.rule("zone").admit("a")).toBe("kept");
    expect(guard.rule("zone").admit("b")).toBe("other");
    expect([guard.admitSeries("c", "1"), guard.admitSeries("c", "2")]).toEqual([true, false]);

    now = 3_599_999;
    expect(guard.startWindowWhenDue()).toBe(false);
    now = 3_600_000;
    expect(guard.startWindowWhenDue()).toBe(true);
    expect(guard.rule("zone").admit("b")).toBe("kept");
    expect(guard.admitSeries("c", "2")).toBe(true);
    expect(guard.startWindowWhenDue()).toBe(false);
  });
});

test.for([
  { maxValuesPerTag: 0 },
  { maxValuesPerTag: 1.5 },
  { maxSeriesPerMetric: 100_001 },
  { blockedTags: "user" as never },
  { allowedTags: [5] as never },
])("options that cannot be used are refused: %j", (options) => {
  expect(() => resolveCardinalityOptions(options)).toThrow(
    expect.objectContaining({ name: "ConfigurationError" }),
  );
});
