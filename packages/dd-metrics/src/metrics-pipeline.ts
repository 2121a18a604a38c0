import { BufferOverflowError, FlushTimeoutError, type Foundation } from "@llmdevops/dd-core";
import type { ResolvedAggregationOptions } from "./aggregation/aggregation-options.ts";
import { Aggregator } from "./aggregation/aggregator.ts";
import type { MetricContext, MetricType } from "./aggregation/metric-context.ts";
import type { CardinalityGuard } from "./cardinality/cardinality-guard.ts";
import { reportSuppressions } from "./cardinality/report-suppressions.ts";
import { callsOf, DatagramSender } from "./delivery/datagram-sender.ts";
import { deliverAtExit } from "./delivery/exit-participant.ts";
import { type Line, LineBuffer } from "./delivery/line-buffer.ts";
import { reportSocketError, type StatsDTransport } from "./delivery/statsd-transport.ts";
import { withinTimeLimit } from "./delivery/time-limit.ts";
import { mergeTags, type TagSettings } from "./metric-tags.ts";

/** Where the values of a client stand; `recorded` = `sent` + `buffered` + the sum of `dropped`, at any moment. */
export interface MetricsCounts {
  /** Values, events and service checks that were taken. */
  readonly recorded: number;
  /** Of these, handed to the operating system. */
  readonly sent: number;
  /** Of these, waiting. */
  readonly buffered: number;
  /** Of these, lost, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Datagrams that were sent. */
  readonly datagrams: number;
}

/** What a pipeline is given. */
export interface MetricsPipelineOptions {
  readonly foundation: Foundation;
  readonly transport: StatsDTransport;
  readonly cardinality: CardinalityGuard;
  readonly aggregation: ResolvedAggregationOptions;
  readonly globalTags: readonly string[];
  /** Longest datagram (bytes). */
  readonly maximumBytes: number;
  /** Of the tags of one line (bytes), without the global ones. */
  readonly maximumTagBytes: number;
  readonly maximumLines: number;
  readonly flushIntervalMs: number;
  /** Whether nothing is to be recorded. */
  readonly isOff: boolean;
}

/** What tells one series of a metric from the others. */
export interface SeriesFields {
  readonly type: MetricType;
  readonly name: string;
  readonly tags: readonly string[];
  readonly sampleRate: number | undefined;
  readonly cardinality: string | undefined;
}

/** So many lines are sent without waiting for the flush interval. */
const impatientLines = 128;

/** The way of a value from the call to the socket: gathered, buffered, packed into datagrams, sent. */
export class MetricsPipeline {
  readonly foundation: Foundation;
  readonly cardinality: CardinalityGuard;
  readonly aggregator: Aggregator;
  readonly tagSettings: TagSettings;
  readonly #options: MetricsPipelineOptions;
  readonly #buffer: LineBuffer;
  readonly #sender: DatagramSender;
  readonly #timer: NodeJS.Timeout;
  readonly #forgetExit: () => void;
  readonly #dropped: Record<string, number> = {};
  #messages = 0;
  #sent = 0;
  #datagrams = 0;
  #hasReportedOverflow = false;
  #sendsSoon = false;
  #isOpen: boolean;
  #closing: Promise<void> | undefined;
  /** Changes when everything that was decided about tags has to be decided again. */
  generation = 0;

  constructor(options: MetricsPipelineOptions) {
    const { foundation, transport, maximumBytes, maximumLines, aggregation } = options;
    const { guard, diagnostics, configuration } = foundation;
    this.foundation = foundation;
    this.cardinality = options.cardinality;
    this.#options = options;
    this.#isOpen = !options.isOff;
    this.tagSettings = { guard, diagnostics, maximumBytes: options.maximumTagBytes };
    this.#buffer = new LineBuffer(maximumLines, ({ calls }) => this.#dropOldest(calls));
    this.aggregator = new Aggregator({
      maximumBytes,
      packsValues: aggregation.packValues,
      push: (line) => this.#push(line),
      onOverflow: (calls) => this.#drop("metric_value_not_finite", calls),
      onTooManyContexts: () => diagnostics.count("metric_series_not_gathered"),
    });
    this.#sender = new DatagramSender({
      buffer: this.#buffer,
      transport,
      maximumBytes,
      onSent: (calls) => {
        this.#sent += calls;
        this.#datagrams += 1;
      },
      onUnconfirmed: (calls) => this.#drop("metric_delivery_unconfirmed", calls),
      onError: (error) => reportSocketError(diagnostics, error),
    });
    this.#timer = setInterval(() => this.#onInterval(), options.flushIntervalMs);
    this.#timer.unref();
    const { flushOnExit, exitTimeoutMs } = configuration.link;
    this.#forgetExit = flushOnExit ? this.#deliverAtExit(exitTimeoutMs) : () => {};
  }

  /** Whether values are recorded. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Why nothing is recorded. */
  get refusal(): string {
    return this.#closing === undefined ? "metric_while_off" : "metric_after_close";
  }

  get counts(): MetricsCounts {
    const buffered = this.aggregator.waiting + this.#buffer.calls + this.#sender.callsInFlight;
    return {
      recorded: this.aggregator.recorded + this.#messages,
      sent: this.#sent,
      buffered,
      dropped: { ...this.#dropped },
      datagrams: this.#datagrams,
    };
  }

  /** The tags of a line, with the global ones that are not given again. */
  allTags(own: readonly string[]): readonly string[] {
    return mergeTags(this.#options.globalTags, own);
  }

  /** What stands at the end of a line: where it comes from. */
  originFields(cardinality: string | undefined): string {
    const { originFields, cardinality: usual } = this.#options.transport;
    const chosen = cardinality ?? usual;
    return chosen === undefined ? originFields : `${originFields}|card:${chosen}`;
  }

  /** Finds or makes the context of a series. @param refuse Asked for other fields when there are too many series. */
  context(fields: SeriesFields, refuse?: () => SeriesFields): MetricContext {
    const { type, name, sampleRate } = fields;
    const tags = this.allTags(fields.tags);
    const rate = sampleRate === undefined || sampleRate === 1 ? "" : `|@${sampleRate}`;
    const series = [...tags].sort().join(",");
    const origin = this.originFields(fields.cardinality);
    const key = `${type}|${name}${rate}|${series}${origin}`;
    const known = this.aggregator.known(key);
    if (known !== undefined) return known;
    if (refuse !== undefined && !this.cardinality.admitSeries(name, series)) {
      return this.context(refuse());
    }
    return this.aggregator.acquire({
      type,
      name,
      key,
      fields: `${rate}${tags.length === 0 ? "" : `|#${tags.join(",")}`}${origin}`,
      isDirect: !this.#options.aggregation.gathers(name),
    });
  }

  /** Queues an event or a service check. */
  pushMessage(text: string): void {
    this.#messages += 1;
    this.#push({ text, bytes: Buffer.byteLength(text), calls: 1 });
  }

  #push(line: Line): void {
    this.#buffer.push(line);
    if (this.#buffer.length < impatientLines || this.#sendsSoon) return;
    this.#sendsSoon = true;
    setImmediate(() => {
      this.#sendsSoon = false;
      this.#sender.start();
    }).unref();
  }

  /** Sends what is gathered; never rejects, and ends within the flush time limit. */
  async flush(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing;
    await this.#flush("flush");
  }

  /** Sends what is gathered and closes the socket; never rejects, and ends within the flush time limit. */
  close(): Promise<void> {
    this.#isOpen = false;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #flush(operation: string): Promise<void> {
    const { configuration, diagnostics } = this.foundation;
    const { timedOut } = await withinTimeLimit(configuration.flushTimeoutMs, (done) => {
      this.#gather();
      void this.#sender.flush().then(() => done());
    });
    if (!timedOut) return;
    diagnostics.fault(
      "metrics_flush_timed_out",
      new FlushTimeoutError(
        `The ${operation} of metrics did not end within ${configuration.flushTimeoutMs} ms.`,
      ),
    );
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flush("close");
    this.#forgetExit();
    const calls = this.#sender.takeAll().reduce((sum, datagram) => sum + callsOf(datagram), 0);
    if (calls > 0) this.#drop("metric_undelivered_at_close", calls);
    await withinTimeLimit(1_000, (done) => this.#options.transport.close(done));
  }

  #onInterval(): void {
    this.#gather();
    this.#sender.start();
  }

  #gather(): void {
    this.aggregator.drain();
    this.#hasReportedOverflow = false;
    const { diagnostics, guard } = this.foundation;
    reportSuppressions(this.cardinality, diagnostics, guard);
    if (!this.cardinality.startWindowWhenDue()) return;
    this.aggregator.startWindow();
    this.generation += 1;
  }

  #dropOldest(calls: number): void {
    this.#drop("metric_buffer_overflow", calls);
    if (this.#hasReportedOverflow) return;
    this.#hasReportedOverflow = true;
    const { maximumLines } = this.#options;
    this.foundation.diagnostics.fault(
      "metric_buffer_overflow_episodes",
      new BufferOverflowError(
        `The buffer of ${maximumLines} lines of metrics is full; the oldest are dropped.`,
      ),
    );
  }

  #drop(reason: string, calls: number): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + calls;
    this.foundation.diagnostics.count(reason, calls);
  }

  #deliverAtExit(timeoutMs: number): () => void {
    return deliverAtExit({
      timeoutMs,
      transport: this.#options.transport,
      hasPending: () =>
        this.aggregator.waiting + this.#buffer.length + this.#sender.callsInFlight > 0,
      flush: () => this.flush(),
      takeAll: () => {
        this.aggregator.drain();
        return this.#sender.takeAll();
      },
      settle: (datagram, isHandedOver) => {
        const calls = callsOf(datagram);
        if (isHandedOver) this.#sent += calls;
        else this.#drop("metric_undelivered_at_exit", calls);
      },
    });
  }
}
