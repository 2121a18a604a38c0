import { createHash } from "node:crypto";
import {
  type Foundation,
  InvalidMetricNameError,
  type MetricOptions,
  type MetricsSink,
  type MetricTags,
} from "@llmdevops/dd-core";
import {
  type EventOptions,
  type Metrics,
  normalizeMetricName,
  type ServiceCheckOptions,
  type ServiceCheckStatus,
} from "@llmdevops/dd-metrics";
import { MetricTagWriter } from "./metric-tag-writer.ts";
import type { MockDatadogExporter } from "./mock-datadog-exporter.ts";
import type { MockMetricType } from "./mock-metric.ts";

/** The methods of the metrics client that an application calls. */
export type MetricsMethods = Pick<
  Metrics,
  | "increment"
  | "decrement"
  | "gauge"
  | "histogram"
  | "distribution"
  | "timing"
  | "set"
  | "event"
  | "serviceCheck"
>;

const statuses: readonly unknown[] = ["ok", "warning", "critical", "unknown"];
const alertTypes = ["error", "warning", "info", "success"] as const;
/** The length of a digest, which stands for anything longer. */
const maximumSetValueBytes = 64;

/** The metrics client in memory: one record for each call, by the rules of `@llmdevops/dd-metrics`. */
export class MemoryMetrics implements MetricsMethods, MetricsSink {
  readonly #foundation: Foundation;
  readonly #exporter: MockDatadogExporter;
  readonly #tags: MetricTagWriter;
  #sent = 0;
  #isClosed = false;

  constructor(foundation: Foundation, exporter: MockDatadogExporter) {
    this.#foundation = foundation;
    this.#exporter = exporter;
    this.#tags = new MetricTagWriter(foundation);
  }

  /** How many values were recorded. */
  get sent(): number {
    return this.#sent;
  }

  increment(name: string, value = 1, tags?: MetricTags, options?: MetricOptions): void {
    this.#record("count", name, value, tags, options);
  }

  decrement(name: string, value = 1, tags?: MetricTags, options?: MetricOptions): void {
    const negated = typeof value === "number" ? -value : value;
    this.#record("count", name, negated, tags, options);
  }

  gauge(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    this.#record("gauge", name, value, tags, options);
  }

  histogram(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    this.#record("histogram", name, value, tags, options);
  }

  distribution(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    this.#record("distribution", name, value, tags, options);
  }

  timing(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    this.#record("timing", name, value, tags, options);
  }

  set(name: string, value: string | number, tags?: MetricTags, options?: MetricOptions): void {
    this.#record("set", name, value, tags, options);
  }

  event(title: string, options: EventOptions = {}): void {
    this.#whileOpen(() => {
      const { guard, diagnostics } = this.#foundation;
      const { alertType, priority, hostname, aggregationKey, sourceType, time } = options ?? {};
      const text = (value: unknown): string => guard.text(String(value), "metrics");
      if (title === undefined || title === "") return diagnostics.count("event_without_title");
      const field = (key: string, value: unknown) =>
        value === undefined || value === "" ? {} : { [key]: text(value) };
      const alert = alertTypes.find((known) => known === alertType);
      const tags = this.#tags.write(options?.tags);
      this.#exporter.exportEvent({
        title: text(title),
        text: text(options?.text ?? title),
        priority: priority === "low" ? "low" : "normal",
        alertType: alert ?? "info",
        ...field("hostname", hostname),
        ...field("aggregationKey", aggregationKey),
        ...field("sourceType", sourceType),
        ...secondsField(time),
        tags: Object.entries(tags).map(([key, value]) => `${key}:${value}`),
      });
    });
  }

  serviceCheck(name: string, status: ServiceCheckStatus, options: ServiceCheckOptions = {}): void {
    this.#whileOpen(() => {
      const { guard, diagnostics } = this.#foundation;
      const { message, hostname, time } = options ?? {};
      if (name === undefined || name === "") return diagnostics.count("service_check_without_name");
      const written = (text: unknown): string =>
        guard.text(String(text), "metrics").replace(/[|\r\n]+/g, "_");
      const code = statuses.indexOf(status);
      const tags = this.#tags.write(options?.tags);
      this.#exporter.exportServiceCheck({
        name: written(name),
        status: (code === -1 ? 3 : code) as 0 | 1 | 2 | 3,
        ...(message === undefined ? {} : { message: written(message) }),
        ...(hostname === undefined ? {} : { hostname: written(hostname) }),
        ...secondsField(time),
        tags: Object.entries(tags).map(([key, value]) => `${key}:${value}`),
      });
    });
  }

  /** Later calls do nothing and are counted. */
  close(): void {
    this.#isClosed = true;
  }

  #record(
    type: MockMetricType,
    name: string,
    value: unknown,
    tags: MetricTags | undefined,
    options: MetricOptions | undefined,
  ): void {
    this.#whileOpen(() => {
      const { diagnostics } = this.#foundation;
      const metricName = normalizeMetricName(name);
      if (metricName === undefined) return this.#refuseName();
      const checked = type === "set" ? this.#setValue(value) : value;
      if (typeof checked === "number" && !Number.isFinite(checked)) {
        return diagnostics.count("metric_value_not_finite");
      }
      if (typeof checked !== "number" && (type !== "set" || typeof checked !== "string")) {
        return diagnostics.count("metric_value_invalid");
      }
      const { sampleRate, timestamp } = options ?? {};
      if (sampleRate === 0) return diagnostics.count("metric_sampled_out");
      const isRate = typeof sampleRate === "number" && sampleRate > 0 && sampleRate <= 1;
      const mayCarryTime = type === "count" || type === "gauge";
      this.#exporter.exportMetric({
        name: metricName,
        type,
        value: Number(checked),
        ...(typeof checked === "string" ? { text: checked } : {}),
        tags: this.#tags.write(tags),
        sampleRate: isRate ? sampleRate : 1,
        ...(mayCarryTime ? secondsField(timestamp) : {}),
      });
      this.#sent += 1;
    });
  }

  #setValue(value: unknown): unknown {
    if (typeof value !== "string") return value;
    if (value === "") return undefined;
    const text = this.#foundation.guard.text(value, "metrics").replace(/[|\r\n]/g, "_");
    if (Buffer.byteLength(text) <= maximumSetValueBytes) return text;
    return createHash("sha256").update(text).digest("hex");
  }

  #refuseName(): void {
    this.#foundation.diagnostics.fault(
      "invalid_metric_name",
      new InvalidMetricNameError(
        "A metric name must start with a letter and hold letters, digits, underscores and dots; the value was dropped.",
      ),
    );
  }

  /** Nothing of the caller's, such as an object that cannot be turned into text, may throw at the caller. */
  #whileOpen(action: () => void): void {
    const { diagnostics } = this.#foundation;
    if (this.#isClosed) {
      diagnostics.count("metric_after_close");
      return;
    }
    try {
      action();
    } catch {
      diagnostics.count("metric_unreadable");
    }
  }
}

/** The field `timestamp` for a time (ms since the epoch) that Datadog takes. */
function secondsField(time: number | undefined): { readonly timestamp?: number } {
  const seconds = typeof time === "number" ? Math.round(time / 1_000) : Number.NaN;
  return Number.isSafeInteger(seconds) && seconds >= 1 ? { timestamp: seconds } : {};
}
