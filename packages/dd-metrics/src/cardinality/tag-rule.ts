import { DistinctEstimate } from "./distinct-estimate.ts";
import { isIdentifierValue } from "./identifier-rules.ts";

/** A tag's value that may stand for itself in a map. */
export type TagValue = string | number | boolean;

/** What becomes of a tag: it stays, its value becomes `other`, or it is left out. */
export type Verdict = "kept" | "other" | "left_out";

/** Why values of something were suppressed. */
export type SuppressionReason = "identifier" | "too_many_values" | "too_many_series" | "blocked";

/** What was kept away from Datadog under one tag or metric. */
export interface Suppression {
  /** The tag's key, or the metric's name. */
  readonly subject: string;
  /**
   * Why it was kept away: blocked by option, values that look like identifiers, too many values of a tag, or too many
   * series of a metric.
   */
  readonly reason: SuppressionReason;
  /** How many calls were concerned. */
  readonly calls: number;
  /** How many series more there would have been at least, as an estimate. */
  readonly seriesSaved: number;
}

/** Counts what was suppressed. */
export class SuppressionCount {
  readonly subject: string;
  reason: SuppressionReason;
  calls = 0;
  /** Of these, how many have been reported. */
  reported = 0;
  readonly #distinct = new DistinctEstimate();

  constructor(subject: string, reason: SuppressionReason) {
    this.subject = subject;
    this.reason = reason;
  }

  add(text: string): void {
    this.calls += 1;
    this.#distinct.add(text);
  }

  get report(): Suppression {
    const { subject, reason, calls } = this;
    return { subject, reason, calls, seriesSaved: this.#distinct.count };
  }
}

/** Decides on the values of one tag, the same for all metrics. */
export class TagRule {
  readonly isBlocked: boolean;
  readonly #isLimited: boolean;
  readonly #maximumValues: number;
  readonly #known = new Set<TagValue>();
  readonly #suppressed: SuppressionCount;

  /** @param limit How many different values there may be; `undefined` for any number, 0 for none. */
  constructor(key: string, limit: number | undefined) {
    this.isBlocked = limit === 0;
    this.#isLimited = limit !== undefined;
    this.#maximumValues = limit ?? 0;
    this.#suppressed = new SuppressionCount(key, this.isBlocked ? "blocked" : "too_many_values");
  }

  get suppressed(): SuppressionCount {
    return this.#suppressed;
  }

  /** Decides on a value and counts it where it is suppressed. */
  admit(value: TagValue): Verdict {
    const verdict = this.verdict(value);
    if (verdict !== "kept") this.#suppressed.add(String(value));
    return verdict;
  }

  /** Decides on a value. */
  verdict(value: TagValue): Verdict {
    if (!this.#isLimited) return "kept";
    if (this.isBlocked) return "left_out";
    if (this.#known.has(value)) return "kept";
    if (isIdentifierValue(value)) {
      this.#suppressed.reason = "identifier";
      return "other";
    }
    if (this.#known.size >= this.#maximumValues) return "other";
    this.#known.add(value);
    return "kept";
  }

  /** Forgets which values there were. */
  startWindow(): void {
    this.#known.clear();
  }
}
