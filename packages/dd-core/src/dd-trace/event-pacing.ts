/** Datadog takes at most 1,000 events a second; what arrives is never spaced quite as it was sent. */
const mostEvents = 950;
const windowMs = 1_100;

/** Says how many events may be sent by now, so that no second has more of them than Datadog takes. */
export class EventPacing {
  readonly #now: () => number;
  /** What was sent within the window, oldest first. */
  readonly #sent: { readonly time: number; readonly events: number }[] = [];
  #total = 0;

  /** @param now A clock that only goes forward (ms). */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many events may be sent now. */
  allowance(): number {
    const start = this.#now() - windowMs;
    for (let oldest = this.#sent[0]; oldest !== undefined; oldest = this.#sent[0]) {
      if (oldest.time > start) break;
      this.#total -= oldest.events;
      this.#sent.shift();
    }
    return Math.max(0, mostEvents - this.#total);
  }

  /** Notes that events have been sent. */
  sent(events: number): void {
    this.#sent.push({ time: this.#now(), events });
    this.#total += events;
  }

  /** How long until more may be sent (ms, at least 0). */
  waitMs(): number {
    if (this.allowance() > 0) return 0;
    const [oldest] = this.#sent;
    return oldest === undefined ? 0 : Math.max(0, oldest.time + windowMs - this.#now());
  }
}
