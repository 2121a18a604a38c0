import type { MetricType, ReceivedMetric } from "../agent/dogstatsd/parse-metric.ts";
import type { MetricFilter, MockMetric, MockMetricType } from "../mock/mock-metric.ts";
import { isExpected, showExpected } from "./expected-value.ts";
import { nearestText } from "./nearest-text.ts";
import type { Outcome } from "./outcome.ts";

/** What assertions about metrics take: a mock client or exporter, or a test agent. */
export type MetricSource =
  | {
      /** The metrics of a mock client or exporter. */
      getMetrics(): readonly MockMetric[];
    }
  | {
      /** The metrics that a test agent has received. */
      metrics(): readonly ReceivedMetric[];
    };

/** A metric that must have been recorded; what is left out does not matter. */
export interface MetricPattern extends MetricFilter {
  /** One of the recorded values. */
  readonly value?: number;
}

interface ObservedMetric {
  readonly name: string;
  readonly type: MockMetricType;
  readonly values: readonly (number | string)[];
  readonly tags: Readonly<Record<string, string>>;
}

const typeNames: Readonly<Record<MetricType, MockMetricType>> = {
  c: "count",
  g: "gauge",
  h: "histogram",
  d: "distribution",
  ms: "timing",
  s: "set",
};
const shownMetrics = 30;

/** Whether a metric was recorded. */
export function checkMetric(
  source: MetricSource,
  wanted: string | RegExp | MetricPattern,
): Outcome {
  const pattern: MetricPattern =
    typeof wanted === "string" || wanted instanceof RegExp ? { name: wanted } : wanted;
  const metrics = observedMetrics(source);
  const match = metrics.find((metric) => lacks(metric, pattern).length === 0);
  const shown = showPattern(pattern);
  if (match !== undefined) {
    return { pass: true, message: () => `There is a metric with ${shown}: ${describe(match)}` };
  }
  return {
    pass: false,
    message: () =>
      [`No metric with ${shown}.`, nearest(metrics, pattern), list(metrics)].join("\n"),
  };
}

function observedMetrics(source: MetricSource): ObservedMetric[] {
  if ("getMetrics" in source) {
    return source.getMetrics().map(({ name, type, value, text, tags }) => {
      return { name, type, values: [text ?? value], tags };
    });
  }
  if (!("metrics" in source)) throw new TypeError("expected a mock client or a test agent");
  return source.metrics().map(({ name, type, values, tags }) => ({
    name,
    type: typeNames[type],
    values,
    tags: Object.fromEntries(
      tags.map((tag) => [tag.split(":", 1)[0], tag.slice(tag.indexOf(":") + 1)]),
    ),
  }));
}

function lacks(metric: ObservedMetric, { name, type, value, tags }: MetricPattern): string[] {
  const found: string[] = [];
  if (name !== undefined && !isExpected(metric.name, name)) {
    found.push(`name is ${showExpected(metric.name)}, expected ${showExpected(name)}`);
  }
  if (type !== undefined && metric.type !== type) {
    found.push(`type is ${metric.type}, expected ${type}`);
  }
  if (value !== undefined && !metric.values.includes(value)) {
    found.push(`value is ${metric.values.join(", ")}, expected ${value}`);
  }
  for (const [key, expected] of Object.entries(tags ?? {})) {
    const actual = Object.hasOwn(metric.tags, key) ? metric.tags[key] : undefined;
    if (isExpected(actual, expected)) continue;
    const shown = actual === undefined ? "is not set" : `is ${showExpected(actual)}`;
    found.push(`tag ${key} ${shown}, expected ${showExpected(expected)}`);
  }
  return found;
}

function nearest(metrics: readonly ObservedMetric[], pattern: MetricPattern): string {
  const { name } = pattern;
  const like =
    typeof name === "string"
      ? nearestText(
          name,
          metrics.map((metric) => metric.name),
        )
      : undefined;
  const candidates =
    like === undefined ? metrics : metrics.filter((metric) => metric.name === like);
  const [best] = candidates
    .map((metric) => ({ metric, missing: lacks(metric, pattern) }))
    .sort((left, right) => left.missing.length - right.missing.length);
  if (best === undefined) return "Nothing comes near it.";
  const reasons = best.missing.map((reason) => `  ${reason}`);
  return [`Nearest: ${describe(best.metric)}`, ...reasons].join("\n");
}

function list(metrics: readonly ObservedMetric[]): string {
  if (metrics.length === 0) return "No metrics were recorded.";
  const lines = metrics.slice(-shownMetrics).map((metric) => `  ${describe(metric)}`);
  return [`Last ${lines.length} of ${metrics.length} metrics:`, ...lines].join("\n");
}

function describe({ name, type, values, tags }: ObservedMetric): string {
  const shown = Object.entries(tags).map(([key, value]) => `${key}:${value}`);
  const read = values.map(readable).join(", ");
  return `${type} ${name} ${read} {${shown.join(", ")}}`.slice(0, 300);
}

/** A duration in full would hide the others of its line. */
function readable(value: number | string): number | string {
  if (typeof value === "string" || Number.isInteger(value)) return value;
  return Number(value.toPrecision(6));
}

function showPattern({ name, type, value, tags }: MetricPattern): string {
  const shownTags = Object.entries(tags ?? {}).map(([key, one]) => `${key}=${showExpected(one)}`);
  const parts = [
    ...(name === undefined ? [] : [`name ${showExpected(name)}`]),
    ...(type === undefined ? [] : [`type ${type}`]),
    ...(value === undefined ? [] : [`value ${value}`]),
    ...shownTags,
  ];
  return parts.join(", ") || "any name";
}
