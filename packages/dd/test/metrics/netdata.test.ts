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

    // netdata spreads a count over the seconds it lies between, so that the last part comes a second later.
    const found = async () => {
      const totals = await netdata.read();
      const sum = (name: string) => Math.round(totals[name]?.sum ?? 0);
      const of = (names: object, read: (name: string) => number | undefined) =>
        Object.fromEntries(Object.keys(names).map((name) => [name, read(name)]));
      return {
        counts: of(counts, (name) => sum(`${name}_counter.counter`)),
        gauges: of(gauges, (name) => totals[`${name}_gauge.gauge`]?.last),
        sets: of(sets, (name) => sum(`${name}_set.unique`)),
        timings: sum("few.timings_timer.events"),
        histograms: sum("few.histograms_histogram.events"),
      };
    };
    await expect
      .poll(found, { timeout: 20_000, interval: 500 })
      .toEqual({ counts, gauges, sets, timings: 1_000, histograms: 1_000 });
    expect(samples).toEqual({});
    await netdata.stop();
  },
  40_000,
);
