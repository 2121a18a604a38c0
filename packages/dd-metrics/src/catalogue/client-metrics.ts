import type { MetricDefinition } from "./metric-definition.ts";

function define(
  name: string,
  type: MetricDefinition["type"],
  unit: string,
  description: string,
): MetricDefinition {
  return { name, type, unit, tags: [], description, source: "dd-core" };
}

/** Metrics of the client about itself; created = exported + dropped + open + buffered. */
export const clientMetrics: readonly MetricDefinition[] = [
  define("datadog.spans_created", "count", "span", "Spans that were started."),
  define("datadog.spans_exported", "count", "span", "Spans that the Agent has taken."),
  define("datadog.spans_dropped", "count", "span", "Spans that were lost."),
  define("datadog.buffer_size", "gauge", "span", "Spans that wait for the Agent."),
  define("datadog.metrics_sent", "count", "event", "Values of metrics that were sent."),
  define("datadog.agent_errors", "count", "error", "Requests that the Agent did not take."),
  define("datadog.export_latency", "distribution", "millisecond", "Time until the Agent answered."),
];
