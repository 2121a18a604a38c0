import type { Foundation } from "@llmdevops/dd-core";
import type { Metrics } from "@llmdevops/dd-metrics";
import { createMetricsOn, type RecordingOptions } from "@llmdevops/dd-metrics/backend";
import { type DogstatsdMessage, parseDatagram } from "../agent/dogstatsd/parse-datagram.ts";
import type { MetricType, ReceivedMetric } from "../agent/dogstatsd/parse-metric.ts";
import type { MockDatadogExporter } from "./mock-datadog-exporter.ts";
import type { MockMetric, MockMetricType } from "./mock-metric.ts";
import type { Clock } from "./test-clock.ts";

const typeNames: Readonly<Record<MetricType, MockMetricType>> = {
  c: "count",
  g: "gauge",
  h: "histogram",
  d: "distribution",
  ms: "timing",
  s: "set",
};

/**
 * Creates the metrics client over memory: one record for each call, read from the line that would be sent by the
 * parser of the embedded Agent.
 */
export function createMemoryMetrics(
  foundation: Foundation,
  exporter: MockDatadogExporter,
  clock: Clock,
  options: RecordingOptions = {},
): Metrics {
  return createMetricsOn(
    {
      onLine(line) {
        for (const message of parseDatagram(Buffer.from(line))) keep(message, exporter);
      },
      onSuppressedTag: (tag) => exporter.exportSuppressedTag(tag),
      now: () => clock.now(),
    },
    options,
    foundation,
    (name) => `metrics.${name}`,
  );
}

function keep(message: DogstatsdMessage, exporter: MockDatadogExporter): void {
  if (message.kind === "metric") exporter.exportMetric(mockMetric(message.metric));
  else if (message.kind === "event") exporter.exportEvent(message.event);
  else if (message.kind === "serviceCheck") exporter.exportServiceCheck(message.check);
}

function mockMetric({
  name,
  type,
  values,
  tags,
  sampleRate,
  timestamp,
}: ReceivedMetric): MockMetric {
  const [value] = values;
  return {
    name,
    type: typeNames[type],
    value: Number(value),
    ...(typeof value === "string" ? { text: value } : {}),
    tags: Object.fromEntries(tags.map(keyAndValue)),
    sampleRate,
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

function keyAndValue(tag: string): [key: string, value: string] {
  const colon = tag.indexOf(":");
  return colon < 0 ? [tag, ""] : [tag.slice(0, colon), tag.slice(colon + 1)];
}
