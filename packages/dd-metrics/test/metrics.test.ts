import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Line } from "./datagram-receiver.ts";
import { startMetrics } from "./metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function summary({ name, value, type }: Line): string {
  return `${name}:${value}|${type}`;
}

describe("the operations", () => {
  test("each is sent in DogStatsD's form, with 1 as the default of counts", async () => {
    const { record, metrics, faults } = await startMetrics();

    const lines = await record((client) => {
      client.increment("a.count");
      client.increment("a.count", 5);
      client.increment("a.count", 0);
      client.decrement("a.count");
      client.decrement("a.count", 3);
      client.gauge("a.gauge", -1.5);
      client.histogram("a.histogram", 12);
      client.distribution("a.distribution", 0.25);
      client.timing("a.timing", 320);
      client.set("a.set", "user-1");
      client.set("a.set", 42);
    }, 7);

    expect(lines.map(summary)).toEqual([
      "a.count:2|c",
      "a.gauge:-1.5|g",
      "a.histogram:12|h",
      "a.distribution:0.25|d",
      "a.timing:320|ms",
      "a.set:user-1|s",
      "a.set:42|s",
    ]);
    expect(metrics.sent).toBe(11);
    expect(faults()).toEqual({});
  });

  test("values that are no finite number are dropped and counted", async () => {
    const { record, metrics, faults } = await startMetrics();

    const lines = await record((client) => {
      client.gauge("bad", Number.NaN);
      client.distribution("bad", Number.POSITIVE_INFINITY);
      client.decrement("bad", Number.NEGATIVE_INFINITY);
      client.set("bad", Number.NaN);
      for (const value of [undefined, null, "7", 7n, {}, Symbol("seven"), [], true]) {
        client.gauge("bad", value as unknown as number);
      }
      client.decrement("bad", Symbol("seven") as unknown as number);
      client.set("bad", "");
      client.gauge("good", 1);
    });

    expect(lines.map(summary)).toEqual(["good:1|g"]);
    expect(faults()).toEqual({ metric_value_not_finite: 4, metric_value_invalid: 10 });
    expect(metrics.sent).toBe(1);
  });

  test("a set's text cannot end its line, is redacted, and is digested when it is long", async () => {
    const { record } = await startMetrics();
    const long = "x".repeat(65);

    const lines = await record((client) => {
      client.set("s", "a|b\nevil.metric:1|c\r");
      client.set("s", "jane.doe@example.com");
      client.set("s", "y".repeat(64));
      client.set("s", long);
      client.set("s", `${long}x`);
    }, 5);

    expect(lines).toHaveLength(5);
    expect(lines[0]?.value).toBe("a_b_evil.metric:1_c_");
    expect(lines[1]?.text).not.toContain("jane.doe");
    expect(lines[2]?.value).toBe("y".repeat(64));
    expect(lines[3]?.value).toMatch(/^[0-9a-f]{64}$/);
    expect(lines[4]?.value).toMatch(/^[0-9a-f]{64}$/);
    expect(lines[4]?.value).not.toBe(lines[3]?.value);
  });

  test("names are repaired; those that cannot be are dropped, counted and reported", async () => {
    const { record, faults, errors } = await startMetrics();

    const lines = await record((client) => {
      client.increment("9 lives|left:1\n");
      client.increment("");
      client.increment("12345");
      client.increment(Symbol("name") as unknown as string);
      client.increment(undefined as unknown as string);
    });

    expect(lines.map(summary)).toEqual(["lives_left_1_:1|c"]);
    expect(faults()).toEqual({ invalid_metric_name: 4 });
    expect(errors.map(({ name }) => name)).toEqual(Array(4).fill("InvalidMetricNameError"));
  });
});

describe("the options of one call", () => {
  test("a sample rate is written on the lines that are sent", async () => {
    vi.spyOn(Math, "random").mockReturnValueOnce(0.4).mockReturnValueOnce(0.6);
    const { record, faults } = await startMetrics();

    const lines = await record((client) => {
      client.increment("sampled", 1, {}, { sampleRate: 0.5 });
      client.increment("sampled", 2, {}, { sampleRate: 0.5 });
      client.increment("whole", 1, {}, { sampleRate: 1 });
    }, 2);

    expect(lines.map((line) => [summary(line), line.fields])).toEqual([
      ["sampled:1|c", ["@0.5"]],
      ["whole:1|c", []],
    ]);
    expect(faults()).toEqual({});
    vi.restoreAllMocks();
  });

  test("a sample rate of 0 sends nothing, and one out of range is ignored, both counted", async () => {
    const { record, faults, metrics } = await startMetrics();

    const lines = await record((client) => {
      client.increment("none", 1, {}, { sampleRate: 0 });
      for (const sampleRate of [-1, 1.5, Number.NaN])
        client.increment("all", 1, {}, { sampleRate });
    });

    expect(lines.map((line) => [summary(line), line.fields])).toEqual([["all:3|c", []]]);
    expect(faults()).toEqual({ metric_sampled_out: 1, metric_sample_rate_invalid: 3 });
    expect(metrics.sent).toBe(3);
  });

  test("a timestamp is written in seconds on counts and gauges only", async () => {
    const { record, faults } = await startMetrics();
    const at = { timestamp: 1_700_000_000_499 };

    const lines = await record((client) => {
      client.increment("c", 1, {}, at);
      client.decrement("c", 1, {}, at);
      client.gauge("g", 1, {}, at);
      client.gauge("g", 1, {}, { timestamp: 1_000 });
      client.histogram("h", 1, {}, at);
      client.distribution("d", 1, {}, at);
      client.timing("t", 1, {}, at);
      client.set("s", 1, {}, at);
    }, 8);

    expect(lines.map(({ name, fields }) => [name, ...fields])).toEqual([
      ["c", "T1700000000"],
      ["c", "T1700000000"],
      ["g", "T1700000000"],
      ["g", "T1"],
      ["h"],
      ["d"],
      ["t"],
      ["s"],
    ]);
    expect(faults()).toEqual({ metric_timestamp_ignored: 4 });
  });

  test("a timestamp that is no time is ignored and counted", async () => {
    const { record, faults } = await startMetrics();
    const times = [Number.NaN, Number.POSITIVE_INFINITY, -1_000, 0, 499, 1e300];

    const lines = await record((client) => {
      for (const timestamp of times) client.gauge("g", 1, {}, { timestamp });
      client.gauge("g", 1, {}, { timestamp: new Date() as unknown as number });
    });

    expect(lines.flatMap(({ fields }) => fields)).toEqual([]);
    expect(faults()).toEqual({ metric_timestamp_ignored: 7 });
  });

  test("absent options and tags are as good as none", async () => {
    const { record, faults } = await startMetrics();

    const lines = await record((client) => {
      client.gauge("g", 1, null as never, null as never);
      client.event("e", null as never);
      client.serviceCheck("s", "ok", null as never);
    }, 3);

    expect(lines).toHaveLength(3);
    expect(faults()).toEqual({});
  });
});

test("names, options and tags whose getters throw are counted and do not throw", async () => {
  const { record, faults } = await startMetrics();
  const hostile = {
    get text(): string {
      throw new Error("no");
    },
    get message(): string {
      throw new Error("no");
    },
    get sampleRate(): number {
      throw new Error("no");
    },
  };

  const lines = await record((client) => {
    client.gauge("g", 1, {}, hostile);
    client.event("e", hostile);
    client.event(Object.create(null) as string);
    client.serviceCheck("s", "ok", hostile);
    client.gauge("g", 2);
  });

  expect(lines.map(summary)).toEqual(["g:2|g"]);
  expect(faults()).toEqual({ metric_unreadable: 4 });
});
