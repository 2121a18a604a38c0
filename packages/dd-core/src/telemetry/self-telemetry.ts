import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { MetricsSink } from "../ports/metrics-sink.ts";
import type { HealthReport } from "../tracing/flush-report.ts";

/** What self-telemetry is made from. */
export interface TelemetrySource {
  /** Reads where all spans are and how the delivery stands. */
  readonly health: () => Pick<HealthReport, "totals" | "link">;
  /** Metrics sent so far; left out where no metrics package is in use. */
  readonly metricsSent?: () => number;
  /** Where the faults are counted. */
  readonly diagnostics: Diagnostics;
}

/** Metrics about the client itself. */
export interface SelfTelemetry {
  /** Sends what has changed since the last time, now. */
  report(): void;
  /** Stops the timer. */
  stop(): void;
}

/**
 * Sends seven metrics about the client itself, all from one moment, so that they add up: the sums of
 * `datadog.spans_created`, less those of `datadog.spans_exported` and `datadog.spans_dropped`, are the spans that are
 * open or in `datadog.buffer_size`. The others are `datadog.metrics_sent`, `datadog.export_latency` (ms) and
 * `datadog.agent_errors`. What has not changed is not sent.
 *
 * @param sink Where the metrics go, for example a client of `@llmdevops/dd-metrics`.
 * @param intervalMs How often (ms); 0 for only when {@link SelfTelemetry.report} is called. @default 10000
 */
export function createSelfTelemetry(
  source: TelemetrySource,
  sink: MetricsSink,
  intervalMs: number = 10_000,
): SelfTelemetry {
  const sent = new Map<string, number>();
  const count = (name: string, total: number) => {
    const growth = total - (sent.get(name) ?? 0);
    if (growth <= 0) return;
    sent.set(name, total);
    sink.increment(name, growth);
  };
  const send = () => {
    const { totals, link } = source.health();
    count("datadog.spans_created", totals.created);
    count("datadog.spans_exported", totals.exported);
    count("datadog.spans_dropped", totals.dropped);
    count("datadog.metrics_sent", source.metricsSent?.() ?? 0);
    if (sent.get("buffer_size") !== totals.buffered) {
      sent.set("buffer_size", totals.buffered);
      sink.gauge("datadog.buffer_size", totals.buffered);
    }
    if (link === undefined) return;
    const failures = Object.values(link.failures).reduce((sum, times) => sum + times, 0);
    count("datadog.agent_errors", failures);
    const answered = link.attempts - failures;
    if (link.lastLatencyMs !== undefined && answered !== sent.get("answered")) {
      sent.set("answered", answered);
      sink.distribution("datadog.export_latency", link.lastLatencyMs);
    }
  };
  const report = () => {
    try {
      send();
    } catch {
      source.diagnostics.count("self_telemetry_failed");
    }
  };
  const timer = intervalMs > 0 ? setInterval(report, intervalMs) : undefined;
  timer?.unref();
  return { report, stop: () => clearInterval(timer) };
}
