import type { ResolvedCardinalityOptions } from "./cardinality-options.ts";
import { isIdentifierKey } from "./identifier-rules.ts";
import {
  type Suppression,
  SuppressionCount,
  type SuppressionReason,
  TagRule,
  type TagValue,
  type Verdict,
} from "./tag-rule.ts";

/** Datadog counts the series of an hour (https://docs.datadoghq.com/account_management/billing/custom_metrics/). */
const windowMs = 3_600_000;
/** Keys and metrics that are remembered; a name that is made up anew each time must not fill the memory. */
const maximumKeys = 1_000;
const maximumMetrics = 5_000;
/** Longer keys are cut on the wire. */
const maximumKeyLength = 200;

/** What everything beyond a limit is called. */
export const otherValue = "other";

/** One tag of one call that was left out or replaced. */
export interface SuppressedTag {
  /** Name of the metric, as the application gives it. */
  readonly metric: string;
  /** Key of the tag. */
  readonly key: string;
  /** Why: blocked by option, values that look like identifiers, too many values, or too many series of the metric. */
  readonly reason: SuppressionReason;
}

/** Keeps the number of series within bounds: decides on tags and on new series. */
export class CardinalityGuard {
  readonly #options: ResolvedCardinalityOptions;
  readonly #now: () => number;
  readonly #onSuppressed: ((tag: SuppressedTag) => void) | undefined;
  readonly #allowed: ReadonlySet<string>;
  readonly #blocked: ReadonlySet<string>;
  readonly #rules = new Map<string, TagRule>();
  readonly #furtherKeys: TagRule;
  readonly #series = new Map<string, number>();
  readonly #refusedSeries = new Map<string, SuppressionCount>();
  #windowStart: number;

  /** @param now A clock that never goes back (ms). @param onSuppressed Told of every tag that is suppressed. */
  constructor(
    options: ResolvedCardinalityOptions,
    now: () => number = () => performance.now(),
    onSuppressed?: (tag: SuppressedTag) => void,
  ) {
    this.#options = options;
    this.#now = now;
    this.#onSuppressed = onSuppressed;
    this.#windowStart = now();
    this.#allowed = new Set(options.allowedTags);
    this.#blocked = new Set(options.blockedTags);
    this.#furtherKeys = new TagRule("(further keys)", options.enabled ? 0 : undefined);
  }

  /** The rule for a tag. */
  rule(key: string): TagRule {
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    if (this.#rules.size >= maximumKeys || key.length > maximumKeyLength) return this.#furtherKeys;
    const rule = new TagRule(key, this.#limitOf(key));
    this.#rules.set(key, rule);
    return rule;
  }

  /** Decides on a tag of a call, and counts it where it is suppressed. */
  admit(rule: TagRule, value: TagValue, metric: string): Verdict {
    const verdict = rule.admit(value);
    if (verdict !== "kept" && this.#onSuppressed !== undefined) {
      const { subject: key, reason } = rule.suppressed;
      this.#onSuppressed({ metric, key, reason });
    }
    return verdict;
  }

  /** Whether a metric may get one more series. @param series What tells it from the others. */
  admitSeries(metric: string, series: string): boolean {
    const { enabled, maxSeriesPerMetric } = this.#options;
    if (!enabled) return true;
    const count = this.#series.get(metric) ?? 0;
    if (count < maxSeriesPerMetric) {
      if (count > 0 || this.#series.size < maximumMetrics) this.#series.set(metric, count + 1);
      return true;
    }
    let refused = this.#refusedSeries.get(metric);
    if (refused === undefined) {
      refused = new SuppressionCount(metric, "too_many_series");
      this.#refusedSeries.set(metric, refused);
    }
    refused.add(series);
    return false;
  }

  /** Begins a new window when an hour has passed. @returns Whether that is so. */
  startWindowWhenDue(): boolean {
    if (this.#now() - this.#windowStart < windowMs) return false;
    this.#windowStart = this.#now();
    this.#series.clear();
    for (const rule of this.#rules.values()) rule.startWindow();
    return true;
  }

  /** Everything that was suppressed since the start. */
  suppressions(): Suppression[] {
    return this.#counts().map(({ report }) => report);
  }

  /** What was suppressed since the last time, and whether that is the first time. */
  *news(): Iterable<{
    readonly isFirst: boolean;
    readonly calls: number;
    readonly all: Suppression;
  }> {
    for (const count of this.#counts()) {
      const calls = count.calls - count.reported;
      if (calls > 0) yield { isFirst: count.reported === 0, calls, all: count.report };
      count.reported = count.calls;
    }
  }

  #counts(): SuppressionCount[] {
    const tags = [...this.#rules.values(), this.#furtherKeys].map(({ suppressed }) => suppressed);
    return [...tags, ...this.#refusedSeries.values()].filter(({ calls }) => calls > 0);
  }

  #limitOf(key: string): number | undefined {
    if (!this.#options.enabled || this.#allowed.has(key)) return undefined;
    return this.#blocked.has(key) || isIdentifierKey(key) ? 0 : this.#options.maxValuesPerTag;
  }
}
