import type { PayloadKind } from "./payload.ts";

/** What became of the spans alone: the rest of `accepted` waits, in memory or on disk. */
export interface LinkSpanCounts {
  /** Handed to the link. */
  readonly accepted: number;
  /** Delivered or unconfirmed. */
  readonly exported: number;
  /** Let go, for any reason. */
  readonly dropped: number;
}

/**
 * What became of everything that was handed to the Agent link: spans, LLM Observability events and evaluations.
 *
 * `accepted = delivered + unconfirmed + dropped + buffered + spooled` at any moment.
 */
export interface LinkCounts {
  /** Handed to the link. */
  readonly accepted: number;
  /** Taken by the Agent, which said so. */
  readonly delivered: number;
  /** Handed to the Agent completely, without an answer; never sent again, since it may have been taken. */
  readonly unconfirmed: number;
  /** Let go, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** In memory: waiting, or on their way. */
  readonly buffered: number;
  /** Bytes of what is in memory. */
  readonly bufferedBytes: number;
  /** On disk, to be delivered later by this process or the next one. */
  readonly spooled: number;
  /** Delivered from what an earlier process had left in the spool; not part of `accepted`. */
  readonly recovered: number;
  /** Requests made. */
  readonly attempts: number;
  /** Attempts that failed, by reason. */
  readonly failures: Readonly<Record<string, number>>;
  /** How long the last accepted request took (ms). */
  readonly lastLatencyMs: number | undefined;
  /** Spans that were accepted for delivery, and what became of them. */
  readonly spans: LinkSpanCounts;
}

/** Keeps {@link LinkCounts}. */
export class LinkAccounting {
  accepted = 0;
  delivered = 0;
  unconfirmed = 0;
  recovered = 0;
  attempts = 0;
  spooled = 0;
  lastLatencyMs: number | undefined;
  readonly #spans = { accepted: 0, exported: 0, dropped: 0 };
  readonly #dropped = new Map<string, number>();
  readonly #failures = new Map<string, number>();

  /** Notes what was handed over. */
  accept(items: number, kind: PayloadKind): void {
    this.accepted += items;
    if (kind === "traces") this.#spans.accepted += items;
  }

  /** Notes what was sent. @param isForeign Whether an earlier process had accepted it. */
  sent(
    items: number,
    kind: PayloadKind,
    state: "delivered" | "unconfirmed",
    isForeign: boolean,
  ): void {
    if (isForeign) {
      this.recovered += items;
      return;
    }
    this[state] += items;
    if (kind === "traces") this.#spans.exported += items;
  }

  /** @param reason One of a small fixed set, see the package's README. */
  drop(reason: string, items: number, kind: PayloadKind): void {
    if (kind === "traces") this.#spans.dropped += items;
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + items);
  }

  /** @param reason A status, an error code or the name of a time limit. */
  failure(reason: string): void {
    if (this.#failures.size >= 64 && !this.#failures.has(reason)) return;
    this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + 1);
  }

  counts(buffered: number, bufferedBytes: number): LinkCounts {
    const { accepted, delivered, unconfirmed, recovered, attempts, spooled, lastLatencyMs } = this;
    return {
      accepted,
      delivered,
      unconfirmed,
      dropped: Object.fromEntries(this.#dropped),
      buffered,
      bufferedBytes,
      spooled,
      recovered,
      attempts,
      failures: Object.fromEntries(this.#failures),
      lastLatencyMs,
      spans: { ...this.#spans },
    };
  }
}
