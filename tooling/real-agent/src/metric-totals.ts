/** What the Agent made of metrics, by name and over all tags. */
export interface MetricTotals {
  readonly counts: Record<string, number>;
  /** The last value. */
  readonly gauges: Record<string, number>;
  /** Number and sum of the values of distributions. */
  readonly samples: Record<string, readonly [number, number]>;
}

const series =
  /Metric \{ metric: "([^"]+)", points: \[Point \{ timestamp: \d+, value: ([^ ]+) \}\],.*?kind: (Count|Gauge)/g;
const sketch = /Sketch \{ metric: "([^"]+)",.*?cnt: (\d+),.*?sum: ([^,]+),/g;

/** Whether a line of the log at level trace says what the Agent is about to send. */
export function isShipping(line: string): boolean {
  return /shipping: Sending (?:body|distributions): /.test(line);
}

/** Adds up what such lines say. */
export function metricTotals(lines: readonly string[]): MetricTotals {
  const counts: Record<string, number> = {};
  const gauges: Record<string, number> = {};
  const samples: Record<string, readonly [number, number]> = {};
  for (const line of lines) {
    for (const [, name = "", value, kind] of line.matchAll(series)) {
      if (kind === "Gauge") gauges[name] = Number(value);
      else counts[name] = (counts[name] ?? 0) + Number(value);
    }
    for (const [, name = "", calls, sum] of line.matchAll(sketch)) {
      const [allCalls, total] = samples[name] ?? [0, 0];
      samples[name] = [allCalls + Number(calls), total + Number(sum)];
    }
  }
  return { counts, gauges, samples };
}
