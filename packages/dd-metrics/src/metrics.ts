import {
  FlushTimeoutError,
  type Foundation,
  InvalidMetricNameError,
  type MetricOptions,
  type MetricsSink,
  type MetricTags,
} from "@llmdevops/dd-core";
import { eventMessage } from "./event-message.ts";
import type { EventOptions } from "./event-options.ts";
import { normalizeMetricName } from "./metric-name.ts";
import { type MetricOperation, metricSettings } from "./metric-settings.ts";
import { formatTags, type TagSettings } from "./metric-tags.ts";
import { checkedNumber, checkedSetValue } from "./metric-value.ts";
import { serviceCheck } from "./service-check.ts";
import type { ServiceCheckOptions, ServiceCheckStatus } from "./service-check-options.ts";
import { reportSocketError, type StatsDClient } from "./statsd-client.ts";
import { withinTimeLimit } from "./time-limit.ts";

/** The DogStatsD client; see {@link createMetrics}. No method throws, rejects or blocks. */
export class Metrics implements MetricsSink {
  readonly #foundation: Foundation;
  readonly #client: StatsDClient | undefined;
  readonly #tags: TagSettings;
  #sent = 0;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(foundation: Foundation, client: StatsDClient | undefined, maximumTagBytes: number) {
    const { guard, diagnostics } = foundation;
    this.#foundation = foundation;
    this.#client = client;
    this.#tags = { guard, diagnostics, maximumBytes: maximumTagBytes };
  }

  /** Adds to a count. @param value @default 1 */
  increment(name: string, value = 1, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("increment", name, value, tags, options);
  }

  /** Takes from a count. @param value @default 1 */
  decrement(name: string, value = 1, tags?: MetricTags, options?: MetricOptions): void {
    const negated = typeof value === "number" ? -value : value;
    this.#send("increment", name, negated, tags, options);
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

  /** Counts how many different values there were; a text of more than 64 bytes is sent as its SHA-256 digest. */
  set(name: string, value: string | number, tags?: MetricTags, options?: MetricOptions): void {
    this.#send("set", name, value, tags, options);
  }

  /** Sends an event to the event stream. */
  event(title: string, options: EventOptions = {}): void {
    this.#transmit((client) => {
      const { guard, diagnostics } = this.#foundation;
      const message = eventMessage(title, options ?? {}, guard, diagnostics);
      if (message === undefined) return diagnostics.count("event_without_title");
      client.send(message, formatTags(options?.tags, this.#tags));
    });
  }

  /** Reports whether something works. */
  serviceCheck(name: string, status: ServiceCheckStatus, options: ServiceCheckOptions = {}): void {
    this.#transmit((client) => {
      const { guard, diagnostics } = this.#foundation;
      const check = serviceCheck(name, status, options ?? {}, guard, diagnostics);
      if (check === undefined) return diagnostics.count("service_check_without_name");
      const tags = formatTags(options?.tags, this.#tags);
      client.check(check.name, check.status, check.options, tags);
    });
  }

  /** How many values were handed to the transport, those that the sample rate left out included. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends what is gathered; never rejects, and ends within the flush time limit. */
  async flush(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    if (this.#closing !== undefined) return this.#closing;
    await this.#withinTimeLimit("flush", (done) => client.flush(done));
  }

  /**
   * Sends what is gathered and closes the socket; never rejects, and ends within the flush time limit. Later calls
   * do nothing and are counted.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const sentAll = await this.#withinTimeLimit("close", (done) => client.close(done));
    // hot-shots leaves the socket open when the last datagram could not be sent.
    if (!sentAll) await withinTimeLimit(1_000, (done) => client.close(done));
  }

  async #withinTimeLimit(
    operation: string,
    start: (done: (error?: Error | null) => void) => void,
  ): Promise<boolean> {
    const { configuration, diagnostics } = this.#foundation;
    const { timedOut, error } = await withinTimeLimit(configuration.flushTimeoutMs, start);
    if (timedOut) {
      diagnostics.fault(
        "metrics_flush_timed_out",
        new FlushTimeoutError(
          `The ${operation} of metrics did not end within ${configuration.flushTimeoutMs} ms.`,
        ),
      );
    }
    if (error !== undefined) reportSocketError(diagnostics, error);
    return !timedOut && error === undefined;
  }

  #send(
    operation: MetricOperation,
    name: string,
    value: unknown,
    tags: MetricTags | undefined,
    options: MetricOptions | undefined,
  ): void {
    this.#transmit((client) => {
      const { diagnostics, guard } = this.#foundation;
      const metricName = normalizeMetricName(name);
      if (metricName === undefined) return this.#refuseName();
      const checked = operation === "set" ? checkedSetValue(value, guard) : checkedNumber(value);
      if ("refused" in checked) return diagnostics.count(checked.refused);
      const settings = metricSettings(operation, options, diagnostics);
      if (settings === undefined) return diagnostics.count("metric_sampled_out");
      const all = { ...settings, tags: formatTags(tags, this.#tags) };
      // A set takes text, the others numbers; both were checked above.
      client[operation](metricName, checked.value as number, all);
      this.#sent += 1;
    });
  }

  #refuseName(): void {
    this.#foundation.diagnostics.fault(
      "invalid_metric_name",
      new InvalidMetricNameError(
        "A metric name must start with a letter and hold letters, digits, underscores and dots; the value was dropped.",
      ),
    );
  }

  #transmit(action: (client: StatsDClient) => void): void {
    const { diagnostics } = this.#foundation;
    if (this.#closing !== undefined) diagnostics.count("metric_after_close");
    else if (this.#client === undefined) diagnostics.count("metric_without_transport");
    else {
      try {
        action(this.#client);
      } catch {
        // A value that cannot even be turned into text, for example an object without prototype.
        diagnostics.count("metric_unreadable");
      }
    }
  }
}
