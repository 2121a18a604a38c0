import type { Foundation } from "@llmdevops/dd-core";
import type { ResolvedAggregationOptions } from "./aggregation/aggregation-options.ts";
import { Aggregator } from "./aggregation/aggregator.ts";
import type { MetricContext, MetricType } from "./aggregation/metric-context.ts";
import type { CardinalityGuard } from "./cardinality/cardinality-guard.ts";
import { reportSuppressions } from "./cardinality/report-suppressions.ts";
import type { GatheredValues, LineOutlet, OpenOutlet } from "./delivery/line-outlet.ts";
import { LostCalls } from "./delivery/lost-calls.ts";
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
  readonly cardinality: CardinalityGuard;
  readonly aggregation: ResolvedAggregationOptions;
  readonly globalTags: readonly string[];
  /** Longest line (bytes). */
  readonly maximumBytes: number;
  /** Of the tags of one line (bytes), without the global ones. */
  readonly maximumTagBytes: number;
  /** What says where a value comes from: fields with the leading `|`, and the cardinality asked for. */
  readonly origin: { readonly fields: string; readonly cardinality: string | undefined };
  readonly openOutlet: OpenOutlet;
  /** Whether nothing is to be recorded. */
  readonly isOff: boolean;
  /** From 0 up to 1, for sample rates. */
  readonly chance: () => number;
  /** A clock that never goes back (ms), for timers. */
  readonly now: () => number;
}

/** What tells one series of a metric from the others. */
export interface SeriesFields {
  readonly type: MetricType;
  readonly name: string;
  readonly tags: readonly string[];
  readonly sampleRate: number | undefined;
  readonly cardinality: string | undefined;
}

/** The way of a value from its series to a line: gathered, and handed to what delivers it. */
export class MetricsPipeline {
  readonly foundation: Foundation;
  readonly cardinality: CardinalityGuard;
  readonly aggregator: Aggregator;
  readonly tagSettings: TagSettings;
  readonly chance: () => number;
  readonly now: () => number;
  readonly #options: MetricsPipelineOptions;
  readonly #outlet: LineOutlet;
  readonly #lost: LostCalls;
  #messages = 0;
  #isOpen: boolean;
  #closing: Promise<void> | undefined;
  /** Changes when everything that was decided about tags has to be decided again. */
  generation = 0;

  constructor(options: MetricsPipelineOptions) {
    const { foundation, maximumBytes, aggregation } = options;
    const { guard, diagnostics } = foundation;
    this.foundation = foundation;
    this.cardinality = options.cardinality;
    this.chance = options.chance;
    this.now = options.now;
    this.#options = options;
    this.#isOpen = !options.isOff;
    this.tagSettings = { guard, diagnostics, maximumBytes: options.maximumTagBytes };
    this.#lost = new LostCalls(diagnostics);
    this.aggregator = new Aggregator({
      maximumBytes,
      packsValues: aggregation.packValues,
      push: (line) => this.#outlet.push(line),
      onOverflow: (calls) => this.#lost.add("metric_value_not_finite", calls),
      onTooManyContexts: () => diagnostics.count("metric_series_not_gathered"),
    });
    this.#outlet = options.openOutlet(this.#gathered(), this.#lost);
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
    const { sent, buffered, datagrams } = this.#outlet.counts;
    return {
      recorded: this.aggregator.recorded + this.#messages,
      sent,
      buffered: this.aggregator.waiting + buffered,
      dropped: this.#lost.byReason,
      datagrams,
    };
  }

  /** The tags of a line, with the global ones that are not given again. */
  allTags(own: readonly string[]): readonly string[] {
    return mergeTags(this.#options.globalTags, own);
  }

  /** What stands at the end of a line: where it comes from. */
  originFields(cardinality: string | undefined): string {
    const { fields, cardinality: usual } = this.#options.origin;
    const chosen = cardinality ?? usual;
    return chosen === undefined ? fields : `${fields}|card:${chosen}`;
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

  /** Hands on an event or a service check. */
  pushMessage(text: string): void {
    this.#messages += 1;
    this.#outlet.push({ text, bytes: Buffer.byteLength(text), calls: 1 });
  }

  /** Sends what is gathered; never rejects, and ends within the flush time limit. */
  async flush(): Promise<void> {
    await (this.#closing ?? this.#outlet.flush());
  }

  /** Sends what is gathered and ends; never rejects, and ends within a time limit (ms). */
  close(timeoutMs: number = this.foundation.configuration.shutdownTimeoutMs): Promise<void> {
    this.#isOpen = false;
    this.#closing ??= this.#outlet.close(timeoutMs);
    return this.#closing;
  }

  #gathered(): GatheredValues {
    const { aggregator } = this;
    return {
      get waiting() {
        return aggregator.waiting;
      },
      seal: () => this.#seal(),
      writeNext: () => aggregator.writeNext(),
    };
  }

  #seal(): void {
    this.aggregator.seal();
    const { diagnostics, guard } = this.foundation;
    reportSuppressions(this.cardinality, diagnostics, guard);
    if (!this.cardinality.startWindowWhenDue()) return;
    this.aggregator.startWindow();
    this.generation += 1;
  }
}
