import type { AgentRecords } from "./agent-records.ts";

const most = 20;

/** A short text that shows what arrived, for the message of a wait that failed. */
export function describeRecords(records: AgentRecords): string {
  const counts = Object.entries(records.counts()).map(([kind, { kept, discarded }]) =>
    discarded === 0 ? `${kind} ${kept}` : `${kind} ${kept} (+${discarded} discarded)`,
  );
  const lines = [
    `Arrived: ${counts.join(", ")}.`,
    list(
      "spans",
      records
        .values("spans")
        .map(({ service, name, resource }) => `${service}/${name} (${resource})`),
    ),
    list(
      "metrics",
      records
        .values("metrics")
        .map(({ name, type, values }) => `${name}:${values.join(":")}|${type}`),
    ),
    list(
      "OTLP metrics",
      records.values("otlpMetrics").map(({ kind, name }) => `${kind} ${name}`),
    ),
    list(
      "events",
      records.values("events").map(({ title }) => title),
    ),
    list(
      "service checks",
      records.values("serviceChecks").map(({ name, status }) => `${name} ${status}`),
    ),
    list(
      "LLM Observability spans",
      records.values("llmobsSpans").map(({ kind, name }) => `${kind} ${name}`),
    ),
    list(
      "evaluations",
      records.values("evaluations").map(({ label, metricType }) => `${label} (${metricType})`),
    ),
    list(
      "logs",
      records
        .values("logs")
        .map(({ message, status }) => `${String(status ?? "")} ${String(message ?? "")}`.trim()),
    ),
    list(
      "requests",
      records
        .values("requests")
        .map(({ method, path, status }) => `${method} ${path} ${status ?? "no answer"}`),
    ),
    list(
      "rejections",
      records
        .values("rejections")
        .map(({ path, status, reason }) => `${path} ${status ?? ""} ${reason}`),
    ),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

/** The last few, because what arrived last is what a waiting test cares about. */
function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  const heading = items.length > most ? `Last ${most} of ${items.length} ${title}` : title;
  return [`${heading}:`, ...items.slice(-most).map((item) => `  ${item.slice(0, 200)}`)].join("\n");
}
