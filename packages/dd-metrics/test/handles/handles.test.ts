import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MetricTimer } from "../../src/handles/metric-timer.ts";
import type { Recorder } from "../../src/handles/recorder.ts";
import { startMetrics } from "../metrics-fixture.ts";

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("DD_")) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("a bound metric", () => {
  test("adds to the same series as the calls", async () => {
    const { record } = await startMetrics();

    const lines = await record((client) => {
      const tags = { channel: "web" };
      const counter = client.counter("orders", tags);
      tags.channel = "changed";
      counter.increment();
      counter.increment(4);
      counter.decrement();
      counter.decrement(2);
      client.increment("orders", 10, { channel: "web" });
      client.recorder("gauge", "g").record(7);
      client.recorder("histogram", "h").record(7);
      client.recorder("distribution", "d").record(7);
      client.recorder("timing", "t").record(7);
      const set = client.recorder("set", "s");
      for (const value of ["a", 5, "a"]) set.record(value);
    }, 7);

    expect(lines.map(({ name, value, type }) => `${name}:${value}|${type}`)).toEqual([
      "orders:12|c",
      "g:7|g",
      "h:7|h",
      "d:7|d",
      "t:7|ms",
      "s:a|s",
      "s:5|s",
    ]);
    expect(lines[0]?.tags).toEqual(["service:checkout", "channel:web"]);
  });

  test("refuses bad values and counts them, and does nothing after the close", async () => {
    const { record, metrics, faults } = await startMetrics();
    const counter = metrics.counter("c");
    const gauge = metrics.recorder("gauge", "g");

    await record(() => {
      counter.increment();
      counter.increment(Number.NaN);
      counter.increment("7" as never);
      counter.increment(Symbol("7") as never);
      counter.increment(7n as never);
      counter.decrement({} as never);
      gauge.record(Number.POSITIVE_INFINITY);
      gauge.record(undefined as never);
    });
    counter.increment();
    gauge.record(1);

    expect(faults()).toEqual({
      metric_value_not_finite: 2,
      metric_value_invalid: 5,
      metric_after_close: 2,
    });
  });

  test("keeps its options: sample rate, cardinality, and lines of its own", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.4);
    const { record } = await startMetrics();

    const lines = await record((client) => {
      const sampled = client.counter("sampled", {}, { sampleRate: 0.5, cardinality: "low" });
      sampled.increment();
      sampled.increment();
      const single = client.recorder("gauge", "single", {}, { aggregate: false });
      single.record(1);
      single.record(2);
    }, 3);

    expect(lines.map(({ text }) => text.replace(/\|c:[^|]*/, ""))).toEqual([
      "single:1|g|#service:checkout",
      "single:2|g|#service:checkout",
      "sampled:2|c|@0.5|#service:checkout|card:low",
    ]);
  });

  test("takes tags and options that are none or cannot be read", async () => {
    const hostile = {
      a: "x",
      get b(): string {
        throw new Error("no");
      },
    };
    const { record, faults } = await startMetrics();

    const lines = await record((client) => {
      client.counter("c", hostile).increment();
      client.counter("c", hostile, null as never).decrement();
      client.timer("t", null as never, null as never).record(1);
      client.scope(null as never).increment("d");
    }, 3);

    expect(lines.map(({ name, value, tags }) => [name, value, ...tags.slice(1)])).toEqual([
      ["c", "0", "a:x"],
      ["t", "1"],
      ["d", "1"],
    ]);
    expect(Object.keys(faults())).toEqual(["metric_tags_invalid"]);
  });

  test("keeps a list of tags as it was", async () => {
    const { record } = await startMetrics();

    const [line] = await record((client) => {
      const tags = ["channel:web", "team:a", "team:b"];
      const counter = client.counter("orders", tags);
      tags.pop();
      counter.decrement();
      client.increment("orders", 3, ["channel:web", "team:a", "team:b"]);
    });

    expect(line?.value).toBe("2");
    expect(line?.tags.slice(1)).toEqual(["channel:web", "team:a", "team:b"]);
  });

  test("with a name of which nothing can be used is refused when it is made", async () => {
    const { metrics, receiver } = await startMetrics();

    for (const name of ["", "123", "é", undefined as never]) {
      const error = expect.objectContaining({ name: "InvalidMetricNameError" });
      expect(() => metrics.counter(name)).toThrow(error);
      expect(() => metrics.timer(name)).toThrow(error);
      expect(() => metrics.recorder("gauge", name)).toThrow(error);
    }
    await metrics.close();
    receiver.stop();
  });
});

describe("a scope", () => {
  test("adds its prefix and tags; the call's tags win over its, and its over the client's", async () => {
    const { record, faults } = await startMetrics({
      env: "prod",
      prefix: "shop.",
      tags: { team: "a" },
    });

    const lines = await record((client) => {
      const payments = client.scope({ prefix: "payments.", tags: { team: "b", via: "card" } });
      const refunds = payments.scope({ prefix: "refunds.", tags: { via: "bank" } });
      client.increment("c");
      payments.increment("c", 2);
      payments.increment("c", 1, { via: "cash" });
      refunds.counter("c").increment();
      refunds.event("e");
      payments.serviceCheck("up", "ok");
    }, 6);

    const tags = ["service:checkout", "env:prod"];
    expect(lines.slice(0, 2).map(({ text }) => text.replace(/\|c:[^|]*/, ""))).toEqual([
      `_e{1,1}:e|e|#${tags},team:b,via:bank`,
      `_sc|up|0|#${tags},team:b,via:card`,
    ]);
    expect(lines.slice(2).map(({ name, value, tags: all }) => [name, value, ...all])).toEqual([
      ["shop.c", "1", ...tags, "team:a"],
      ["shop.payments.c", "2", ...tags, "team:b", "via:card"],
      ["shop.payments.c", "1", ...tags, "team:b", "via:cash"],
      ["shop.payments.refunds.c", "1", ...tags, "team:b", "via:bank"],
    ]);
    expect(faults()).toEqual({});
  });

  test("and a client refuse a prefix that no name can begin with", async () => {
    const { metrics, receiver } = await startMetrics();
    const error = expect.objectContaining({ name: "InvalidMetricNameError" });

    expect(() => metrics.scope({ prefix: "9lives." })).toThrow(error);
    expect(() => metrics.scope({ prefix: "a b" })).toThrow(error);
    await expect(startMetrics({ prefix: "é" })).rejects.toThrow(error);
    await metrics.close();
    receiver.stop();
  });
});

describe("a timer", () => {
  function start(): { timer: MetricTimer; recorded: number[]; pass: (ms: number) => void } {
    const recorded: number[] = [];
    let now = 0;
    const recorder = { record: (value: number) => recorded.push(value) } as unknown as Recorder;
    return {
      timer: new MetricTimer(recorder, () => now),
      recorded,
      pass: (ms) => {
        now += ms;
      },
    };
  }

  test("measures a function, also one that throws", () => {
    const { timer, recorded, pass } = start();
    const error = new Error("planned");

    const returning = () => {
      pass(5);
      return "result";
    };
    expect(timer.time(returning)).toBe("result");
    expect(() =>
      timer.time(() => {
        pass(7);
        throw error;
      }),
    ).toThrow(error);

    expect(recorded).toEqual([5, 7]);
  });

  test("measures a promise until it is settled, either way", async () => {
    const { timer, recorded, pass } = start();
    const { promise, resolve } = Promise.withResolvers<string>();
    const timed = timer.time(() => promise);
    pass(3);
    expect(recorded).toEqual([]);
    resolve("done");

    expect(await timed).toBe("done");
    const error = new Error("planned");
    await expect(timer.time(() => Promise.reject(error))).rejects.toBe(error);
    expect(recorded).toEqual([3, 0]);
  });

  test("leaves a thenable that is broken to its caller", () => {
    const { timer, recorded } = start();
    const fail = (): never => {
      throw new Error("planned");
    };
    const broken = {};
    const hostile = {};
    // Written by name, since linters take every such object for a mistake.
    const property = "then";
    Object.defineProperty(broken, property, { value: fail });
    Object.defineProperty(hostile, property, { get: fail });

    expect(timer.time(() => broken)).toBe(broken);
    expect(timer.time(() => hostile)).toBe(hostile);
    expect(recorded).toEqual([0, 0]);
  });

  test("measures until a callback is called, and passes everything on", () => {
    const { timer, recorded, pass } = start();
    const target = {
      seen: [] as unknown[],
      callback(...values: unknown[]) {
        this.seen.push(...values);
        return "result";
      },
    };
    const callback = timer.callback(target.callback);
    pass(4);

    expect(callback.call(target, null, 5)).toBe("result");
    pass(4);
    callback.call(target, "again");
    expect(target.seen).toEqual([null, 5, "again"]);
    expect(recorded).toEqual([4]);
  });

  test("stops once", () => {
    const { timer, recorded, pass } = start();
    const stop = timer.start();
    pass(2);

    expect(stop()).toBe(2);
    pass(2);
    expect(stop()).toBe(2);
    expect(recorded).toEqual([2]);
  });

  test("records a distribution of milliseconds, unless it is told otherwise", async () => {
    const { record } = await startMetrics();

    const lines = await record((client) => {
      client.timer("d").record(1.5);
      client.timer("h", {}, { type: "histogram" }).record(1);
      client.timer("t", {}, { type: "timing", aggregate: false }).record(2);
    }, 3);

    expect(lines.map(({ name, value, type }) => `${name}:${value}|${type}`)).toEqual([
      "t:2|ms",
      "d:1.5|d",
      "h:1|h",
    ]);
  });
});

describe("time", () => {
  test("measures a function, a promise, and one that fails, and gives back what they give", async () => {
    vi.spyOn(performance, "now").mockReturnValue(1_000);
    const { record, metrics } = await startMetrics();
    const error = new Error("planned");
    const pass = (ms: number) => vi.mocked(performance.now).mockReturnValue(1_000 + ms);

    const { promise, resolve } = Promise.withResolvers<string>();
    const returning = () => {
      pass(5);
      return "result";
    };
    const failing = () => {
      pass(12);
      throw error;
    };
    expect(metrics.time("sync", returning, { a: 1 })).toBe("result");
    expect(() => metrics.time("fails", failing)).toThrow(error);
    const timed = metrics.time("async", () => promise, ["a:1"], { type: "histogram" });
    pass(42);
    resolve("done");
    expect(await timed).toBe("done");
    await expect(metrics.time("rejects", () => Promise.reject(error))).rejects.toBe(error);
    const lines = await record(() => {}, 4);

    expect(lines.map(({ name, value, type }) => `${name}:${value}|${type}`)).toEqual([
      "sync:5|d",
      "fails:7|d",
      "async:30|h",
      "rejects:0|d",
    ]);
    expect(lines[2]?.tags).toEqual(["service:checkout", "a:1"]);
  });

  test("throws nothing of its own, and counts what it cannot record", async () => {
    const { metrics, receiver, faults } = await startMetrics();
    const hostile = {
      get type(): never {
        throw new Error("no");
      },
    };

    expect(metrics.time("", () => 1)).toBe(1);
    expect(metrics.time(undefined as never, () => 2)).toBe(2);
    expect(metrics.time("t", () => 3, undefined, hostile)).toBe(3);
    expect(metrics.time("t", () => 4, undefined, null as never)).toBe(4);
    await metrics.close();
    expect(metrics.time("t", () => 5)).toBe(5);

    expect(faults()).toEqual({
      invalid_metric_name: 2,
      metric_unreadable: 1,
      metric_after_close: 1,
    });
    receiver.stop();
  });
});

describe("options of the client", () => {
  test("off with tracing records nothing and counts it, only where it is asked for", async () => {
    const off = await startMetrics({ enabled: false, offWithTracing: true });
    off.metrics.increment("c");
    off.metrics.counter("c").increment();
    await off.metrics.close();
    expect(off.faults()).toEqual({ metric_while_off: 2 });
    expect(off.receiver.datagrams).toEqual([]);
    off.receiver.stop();

    const on = await startMetrics({ enabled: false });
    expect(await on.record((client) => client.increment("c"))).toHaveLength(1);
  });

  test("metrics that are excepted are sent value by value", async () => {
    const { record } = await startMetrics({ aggregation: { except: ["single"] } });

    const lines = await record((client) => {
      for (const name of ["single", "single", "gathered", "gathered"]) client.increment(name);
    }, 3);

    expect(lines.map(({ name, value }) => `${name}:${value}`)).toEqual([
      "single:1",
      "single:1",
      "gathered:2",
    ]);
  });

  test.for([{ maxBufferedLines: 0 }, { maxBufferedLines: 1.5 }, { aggregation: { except: [1] } }])(
    "%j is refused",
    async (options) => {
      await expect(startMetrics(options as never)).rejects.toThrow(
        expect.objectContaining({ name: "ConfigurationError" }),
      );
    },
  );

  test("a full buffer drops the oldest lines; every value is accounted for", async () => {
    const { metrics, receiver, errors, faults } = await startMetrics({
      maxBufferedLines: 10,
      aggregation: { enabled: false },
    });

    for (let index = 0; index < 100; index += 1) metrics.gauge("g", index);
    expect(metrics.counts()).toMatchObject({ recorded: 100, buffered: 10 });
    await metrics.close();

    expect((await receiver.lines(10)).map(({ value }) => Number(value))).toEqual(
      Array.from({ length: 10 }, (_, index) => 90 + index),
    );
    expect(metrics.counts()).toMatchObject({
      recorded: 100,
      sent: 10,
      buffered: 0,
      dropped: { metric_buffer_overflow: 90 },
    });
    expect(faults()).toMatchObject({ metric_buffer_overflow: 90 });
    expect(errors.map(({ name }) => name)).toEqual(["BufferOverflowError"]);
    receiver.stop();
  });
});
