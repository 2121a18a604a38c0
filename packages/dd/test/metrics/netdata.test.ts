import { createMetrics } from "@llmdevops/dd-metrics";
import { expect, test } from "vitest";
import { makeMixedCalls } from "./mixed-calls.ts";
import { netdataUnavailable, startNetdata } from "./netdata.ts";

const unavailable = netdataUnavailable();

test.skipIf(unavailable !== undefined)(
  `netdata's statsd comes to the same totals (${unavailable ?? "installed"})`,
  async () => {
    const netdata = await startNetdata();
    // netdata takes one value a line only, and does not know distributions.
    const metrics = createMetrics({
      service: "mixed",
      dogstatsd: { host: "127.0.0.1", port: netdata.statsdPort },
      aggregation: { packValues: false },
      maxBufferedLines: 100_000,
    });

    const { counts, gauges, sets, samples } = makeMixedCalls(metrics, ["c", "c", "g", "s"]);
    const few = Array.from({ length: 1_000 }, (_, index) => index);
    for (const value of few) metrics.timing("few.timings", value);
    for (const value of few) metrics.histogram("few.histograms", value);
    await metrics.close();

    await expect
      .poll(async () => (await netdata.read())["few.histograms_histogram.events"]?.sum, {
        timeout: 15_000,
        interval: 500,
      })
      .toBe(1_000);
    const totals = await netdata.read();
    const found = (name: string) => totals[name] ?? { sum: Number.NaN, last: Number.NaN };
    for (const [name, sum] of Object.entries(counts)) {
      expect(Math.round(found(`${name}_counter.counter`).sum)).toBe(sum);
    }
    for (const [name, last] of Object.entries(gauges)) {
      expect(found(`${name}_gauge.gauge`).last).toBe(last);
    }
    for (const [name, size] of Object.entries(sets)) {
      expect(found(`${name}_set.unique`).sum).toBe(size);
    }
    expect(found("few.timings_timer.events").sum).toBe(1_000);
    expect(samples).toEqual({});
    await netdata.stop();
  },
  30_000,
);
