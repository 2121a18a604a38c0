import {
  type CoreOptions,
  createFoundation,
  type Foundation,
  InvalidMetricNameError,
  type MetricOptions,
  type MetricsSink,
  type MetricTags,
  SocketError,
} from "@llmdevops/dd-core";
import { StatsD } from "hot-shots";
import { type DogStatsDOptions, resolveDogStatsDAddress } from "./dogstatsd-address.ts";
import type { EventOptions, ServiceCheckOptions, ServiceCheckStatus } from "./events.ts";
import { normalizeMetricName } from "./metric-name.ts";
import { formatTag, formatTags } from "./metric-tags.ts";

/** Options of {@link createMetrics}. */
export interface MetricsClientOptions extends CoreOptions {
  readonly dogstatsd?: DogStatsDOptions;
  /** How long metrics are gathered before a datagram is sent (ms, 50 to 60000). @default 1000 */
  readonly flushIntervalMs?: number;
}

/** Longest datagram that no common network splits (https://docs.datadoghq.com/developers/dogstatsd/high_throughput/). */
const udpDatagramBytes = 1_432;
const socketDatagramBytes = 8_192;

/** The DogStatsD client; see {@link createMetrics}. No method throws or blocks. */
export class Metrics implements MetricsSink {
  readonly #foundation: Foundation;
  readonly #client: StatsD;
  #calls = 0;
  #closed = false;

  /** @internal */
  constructor(foundation: Foundation, client: StatsD) {
    this.#foundation = foundation;
    this.#client = client;
  }

  /** Adds to a count. @param value @default 1 */
  increment(name: string, value = 1, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("increment", name, value, tags, options);
  }

  /** Takes from a count. @param value @default 1 */
  decrement(name: string, value = 1, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("increment", name, -value, tags, options);
  }

  /** Sets the current value of something; the last one of an interval wins. */
  gauge(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("gauge", name, value, tags, options);
  }

  /** Adds a value to a histogram, whose percentiles hold for one host only. */
  histogram(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("histogram", name, value, tags, options);
  }

  /** Adds a value to a distribution, whose percentiles hold across all hosts. */
  distribution(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("distribution", name, value, tags, options);
  }

  /** Adds a duration (ms). */
  timing(name: string, value: number, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("timing", name, value, tags, options);
  }

  /** Counts how many different values there were. */
  set(name: string, value: string | number, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("set", name, value, tags, options);
  }

  /** Sends an event to the event stream. */
  event(title: string, options: EventOptions = {}): void {
    if (this.#isClosed()) return;
    const { guard } = this.#foundation;
    const { text, tags, aggregationKey, alertType, priority, sourceType, hostname, time } = options;
    this.#guarded(() =>
      this.#client.event(
        guard.text(title, "metrics"),
        guard.text(text ?? title, "metrics"),
        {
          ...(time === undefined ? {} : { date_happened: new Date(time) }),
          ...(hostname === undefined ? {} : { hostname }),
          ...(aggregationKey === undefined ? {} : { aggregation_key: aggregationKey }),
          ...(priority === undefined ? {} : { priority }),
          ...(alertType === undefined ? {} : { alert_type: alertType }),
          ...(sourceType === undefined ? {} : { source_type_name: sourceType }),
        },
        formatTags(tags, guard),
      ),
    );
  }

  /** Reports whether something works. */
  serviceCheck(name: string, status: ServiceCheckStatus, options: ServiceCheckOptions = {}): void {
    if (this.#isClosed()) return;
    const { guard } = this.#foundation;
    const { message, hostname, time, tags } = options;
    const code = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
    this.#guarded(() =>
      this.#client.check(
        guard.text(name, "metrics"),
        code[status] ?? 3,
        {
          ...(time === undefined ? {} : { date_happened: new Date(time) }),
          ...(hostname === undefined ? {} : { hostname }),
          ...(message === undefined ? {} : { message: guard.text(message, "metrics") }),
        },
        formatTags(tags, guard),
      ),
    );
  }

  /** How many values were handed to the transport. */
  get sent(): number {
    return this.#calls;
  }

  /** Sends what is gathered; never rejects. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve();
      this.#guarded(() => this.#client.flush(() => resolve()));
    });
  }

  /** Sends what is gathered and closes the socket; later calls do nothing and are counted. */
  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    return new Promise((resolve) => {
      this.#guarded(() => this.#client.close(() => resolve()));
    });
  }

  #send(
    operation: "increment" | "gauge" | "histogram" | "distribution" | "timing" | "set",
    name: string,
    value: number | string,
    tags: MetricTags | undefined,
    options: MetricOptions | undefined,
  ): void {
    if (this.#isClosed()) return;
    const metricName = normalizeMetricName(name);
    if (metricName === undefined) {
      this.#foundation.diagnostics.fault(
        "invalid_metric_name",
        new InvalidMetricNameError(
          "A metric name must start with a letter and hold letters, digits, underscores and dots; the value was dropped.",
        ),
      );
      return;
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      this.#count("metric_value_not_finite");
      return;
    }
    const { guard } = this.#foundation;
    const wireTags = formatTags(tags, guard);
    const sampleRate = options?.sampleRate;
    const settings = {
      tags: wireTags,
      ...(sampleRate !== undefined && sampleRate > 0 && sampleRate < 1 ? { sampleRate } : {}),
      ...(options?.timestamp === undefined || (operation !== "increment" && operation !== "gauge")
        ? {}
        : { timestamp: new Date(options.timestamp) }),
    };
    this.#calls += 1;
    const wireValue =
      typeof value === "string" ? guard.text(value, "metrics").replace(/[|\r\n]/g, "_") : value;
    this.#guarded(() => {
      if (operation === "set") this.#client.set(metricName, wireValue, settings);
      else this.#client[operation](metricName, Number(wireValue), settings);
    });
  }

  #isClosed(): boolean {
    if (this.#closed) this.#count("metric_after_close");
    return this.#closed;
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch {
      this.#count("metric_transport_threw");
    }
  }

  #count(reason: string): void {
    this.#foundation.diagnostics.count(reason);
  }
}

/**
 * Creates the DogStatsD client on hot-shots: `env`, `service`, `version` and the configured tags on every
 * value, datagrams of at most 1,432 bytes (8,192 on a unix socket).
 *
 * @param foundation What it shares with other clients. @default built from the options
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong; nothing throws later.
 * @example
 * ```ts
 * import { createMetrics } from "@llmdevops/dd-metrics";
 *
 * const metrics = createMetrics({ service: "checkout", env: "dev" });
 * metrics.increment("orders.placed", 1, { channel: "web" });
 * await metrics.close();
 * ```
 */
export function createMetrics(
  options: MetricsClientOptions = {},
  foundation: Foundation = createFoundation(options),
): Metrics {
  const { configuration, diagnostics } = foundation;
  const address = resolveDogStatsDAddress(options.dogstatsd);
  const interval = Math.min(60_000, Math.max(50, options.flushIntervalMs ?? 1_000));
  const client = new StatsD({
    ...address,
    maxBufferSize: address.protocol === "uds" ? socketDatagramBytes : udpDatagramBytes,
    bufferFlushInterval: interval,
    // hot-shots would add DD_* tags a second time.
    includeDataDogTags: false,
    includeDatadogTelemetry: false,
    globalTags: unifiedTags(configuration),
    errorHandler: (cause) => {
      diagnostics.fault(
        "dogstatsd_socket_error",
        new SocketError(`A DogStatsD datagram could not be sent: ${cause.message}`, { cause }),
      );
    },
  });
  return new Metrics(foundation, client);
}

function unifiedTags(configuration: Foundation["configuration"]): string[] {
  const { service, env, version, tags } = configuration;
  const all = Object.entries({ ...tags, service, env, version });
  return all.flatMap(([key, value]) => (value === undefined ? [] : [formatTag(key, value)]));
}
