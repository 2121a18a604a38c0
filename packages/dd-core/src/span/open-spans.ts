/** A span that can be in the list; nobody else touches the two fields. */
export interface ListedSpan<S> {
  older: S | undefined;
  newer: S | undefined;
}

/**
 * The spans that are open, so that a shutdown can end them: a list through the spans themselves, since a set of them
 * would cost more than the rest of a span's bookkeeping.
 *
 * It is bounded: beyond the limit the oldest are no longer followed, so that spans which are never ended do not keep
 * their traces in memory.
 */
export class OpenSpans<S extends ListedSpan<S>> {
  readonly #limit: number;
  readonly #onOverLimit: () => void;
  #oldest: S | undefined;
  #newest: S | undefined;
  #size = 0;

  /**
   * @param limit Spans that are followed at a time.
   * @param onOverLimit Told of each span that is let go.
   */
  constructor(limit: number, onOverLimit: () => void) {
    this.#limit = limit;
    this.#onOverLimit = onOverLimit;
  }

  add(span: S): void {
    const before = this.#newest;
    if (before === undefined) this.#oldest = span;
    else before.newer = span;
    span.older = before;
    this.#newest = span;
    this.#size += 1;
    if (this.#size > this.#limit && this.#oldest !== undefined) {
      this.remove(this.#oldest);
      this.#onOverLimit();
    }
  }

  /** Does nothing for a span that is not in the list. */
  remove(span: S): void {
    const { older, newer } = span;
    if (older === undefined && this.#oldest !== span) return;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    span.older = undefined;
    span.newer = undefined;
    this.#size -= 1;
  }

  /** All of them, the newest first, so that children come before their parents. */
  newestFirst(): readonly S[] {
    const spans: S[] = [];
    for (let span = this.#newest; span !== undefined; span = span.older) spans.push(span);
    return spans;
  }
}
