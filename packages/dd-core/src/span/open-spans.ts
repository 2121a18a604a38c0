/** Where an open span is found; nobody else touches the two fields. */
export interface ListedSpan<S> {
  /** `undefined` while it is not in the list. */
  segment: Segment<S> | undefined;
  /** Its index there. */
  place: number;
}

/**
 * One that is kept by a span which never ends costs 300 bytes; longer ones would cost more, and shorter ones be made
 * more often.
 */
const segmentLength = 32;

/** Spans that were started one after the other, of which those that have ended leave a gap. */
export class Segment<S> {
  readonly spans: (S | undefined)[] = new Array(segmentLength);
  used = 0;
  open = 0;
  newer: Segment<S> | undefined;
  older: Segment<S> | undefined;

  constructor(older: Segment<S> | undefined) {
    this.older = older;
  }
}

/**
 * The spans that are open, so that a shutdown can end them.
 *
 * A list of segments: a set of the spans, or a list through them, which the collector has to be told of each time that
 * an object which has survived it points to a new one, costs several times as much.
 *
 * It is bounded: beyond the limit the oldest are no longer followed, so that spans which are never ended do not keep
 * their traces in memory.
 */
export class OpenSpans<S extends ListedSpan<S>> {
  readonly #limit: number;
  readonly #onOverLimit: () => void;
  #newest = new Segment<S>(undefined);
  #oldest = this.#newest;
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
    const segment = this.#newest.used < segmentLength ? this.#newest : this.#extend();
    segment.spans[segment.used] = span;
    span.segment = segment;
    span.place = segment.used;
    segment.used += 1;
    segment.open += 1;
    this.#size += 1;
    if (this.#size > this.#limit) this.#letGo();
  }

  /** Does nothing for a span that is not in the list. */
  remove(span: S): void {
    const { segment } = span;
    if (segment === undefined) return;
    segment.spans[span.place] = undefined;
    span.segment = undefined;
    segment.open -= 1;
    this.#size -= 1;
    if (segment.open === 0 && segment !== this.#newest) this.#unlink(segment);
  }

  /** All of them, the newest first, so that children come before their parents. */
  newestFirst(): readonly S[] {
    const spans: S[] = [];
    let segment: Segment<S> | undefined = this.#newest;
    for (; segment !== undefined; segment = segment.older) {
      for (const span of segment.spans.toReversed()) if (span !== undefined) spans.push(span);
    }
    return spans;
  }

  #extend(): Segment<S> {
    const before = this.#newest;
    const segment = new Segment(before);
    before.newer = segment;
    this.#newest = segment;
    if (before.open === 0) this.#unlink(before);
    return segment;
  }

  #letGo(): void {
    const span = this.#oldest.spans.find((open) => open !== undefined);
    if (span !== undefined) this.remove(span);
    this.#onOverLimit();
  }

  /** Takes out a segment whose spans have all ended, and which is not the newest. */
  #unlink(segment: Segment<S>): void {
    const { older, newer } = segment;
    if (newer === undefined) return;
    newer.older = older;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    // One that young collections no longer look at would keep all that came after it.
    segment.newer = undefined;
    segment.older = undefined;
  }
}
