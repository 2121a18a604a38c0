import type { Line } from "../delivery/line-buffer.ts";
import { type LineFormat, lineOf, writeContext } from "./context-lines.ts";
import { MetricContext, type MetricIdentity } from "./metric-context.ts";

/** About 4 MB with usual tags. */
const defaultMaximumContexts = 10_000;
/** Values that a series gathers before full lines are written, so that memory stays bounded between flushes. */
const maximumSamples = 1_024;
const maximumUnique = 1_024;
/** The same for all series together: numbers take 800 kB, the texts of sets some 10 MB. */
const maximumGathered = 100_000;

/** What an aggregator is given. */
export interface AggregatorOptions extends LineFormat {
  /** Takes a finished line. */
  readonly push: (line: Line) => void;
  /** Told how many calls are lost because their sum is no number any more. */
  readonly onOverflow: (calls: number) => void;
  /** Told when a series is sent value by value because there are too many. */
  readonly onTooManyContexts: () => void;
  /** @default 10000 */
  readonly maximumContexts?: number;
}

/**
 * Gathers values by series between two flushes: counts are added up, of gauges the last value stays, of sets each
 * value once, and the others keep every value.
 */
export class Aggregator {
  readonly #options: AggregatorOptions;
  readonly #maximumContexts: number;
  readonly #contexts = new Map<string, MetricContext>();
  /** With values that were recorded since the last sealing. */
  #active: MetricContext[] = [];
  /** With values that are to be written, from {@link #nextSealed} on. */
  #sealed: MetricContext[] = [];
  #nextSealed = 0;
  #gathered = 0;
  #window = 0;
  #recorded = 0;

  constructor(options: AggregatorOptions) {
    this.#options = options;
    this.#maximumContexts = options.maximumContexts ?? defaultMaximumContexts;
  }

  /** The context of a series, if it is known. */
  known(key: string): MetricContext | undefined {
    return this.#contexts.get(key);
  }

  /** How many series are known. */
  get size(): number {
    return this.#contexts.size;
  }

  /** The context of a series. Where there are too many, one whose values are sent as they come. */
  acquire(identity: MetricIdentity): MetricContext {
    return this.#contexts.get(identity.key) ?? this.#takeUp(new MetricContext(identity));
  }

  /** How many calls were recorded. */
  get recorded(): number {
    return this.#recorded;
  }

  /** Records a number. */
  add(context: MetricContext, value: number): void {
    this.#recorded += 1;
    const target = context.isLive ? context : this.#revive(context);
    if (target.calls === 0) this.#active.push(target);
    target.calls += 1;
    switch (target.identity.type) {
      case "c":
        target.value += value;
        break;
      case "g":
        target.value = value;
        break;
      default:
        if (target.samples.push(value) >= maximumSamples) this.#write(target, true);
        this.#countGathered();
    }
    if (!target.isLive) this.#writeDirectly(target);
  }

  /** Records a value of a set. */
  addUnique(context: MetricContext, value: string): void {
    this.#recorded += 1;
    const target = context.isLive ? context : this.#revive(context);
    if (target.calls === 0) this.#active.push(target);
    target.calls += 1;
    target.unique.add(value);
    if (target.unique.size >= maximumUnique) this.#write(target, true);
    this.#countGathered();
    if (!target.isLive) this.#writeDirectly(target);
  }

  /** Writes one value past the gathering. @param further What follows the tags. */
  writeNow(context: MetricContext, value: string, further = ""): void {
    this.#recorded += 1;
    // An older value that still waits must not come after this one.
    if (context.isLive && context.calls > 0) this.#write(context, false);
    this.#options.push(lineOf(context, value, 1, further));
  }

  /** Has everything that was gathered by now written, series by series, by {@link writeNext}. */
  seal(): void {
    // Each once: one that wrote full lines meanwhile is in both.
    this.#sealed = [...new Set([...this.#sealed.slice(this.#nextSealed), ...this.#active])];
    this.#nextSealed = 0;
    this.#active = [];
  }

  /**
   * Writes the next series that was sealed. Until then it goes on gathering, so that one that has to wait for an
   * Agent loses nothing.
   *
   * @returns Whether there was one.
   */
  writeNext(): boolean {
    const context = this.#sealed[this.#nextSealed];
    if (context === undefined) {
      this.#sealed = [];
      this.#nextSealed = 0;
      this.#gathered = 0;
      return false;
    }
    this.#nextSealed += 1;
    if (context.calls > 0) this.#write(context, false);
    return true;
  }

  /** How many calls wait to be written. */
  get waiting(): number {
    const contexts = new Set([...this.#sealed.slice(this.#nextSealed), ...this.#active]);
    let calls = 0;
    for (const context of contexts) calls += context.calls;
    return calls;
  }

  /** Forgets the series that were not used since the last time. */
  startWindow(): void {
    for (const [key, context] of this.#contexts) {
      if (context.lastWindow < this.#window && context.calls === 0) this.#forget(key, context);
    }
    this.#window += 1;
  }

  /** Where very many series hold values, lines take less than they do. */
  #countGathered(): void {
    this.#gathered += 1;
    if (this.#gathered < maximumGathered) return;
    this.seal();
    while (this.writeNext());
  }

  #write(context: MetricContext, keepsRest: boolean): void {
    context.lastWindow = this.#window;
    if (Number.isFinite(context.value)) {
      writeContext(context, this.#options, this.#options.push, keepsRest);
      return;
    }
    this.#options.onOverflow(context.calls);
    context.calls = 0;
    context.value = 0;
  }

  #writeDirectly(context: MetricContext): void {
    if (this.#active.at(-1) === context) this.#active.pop();
    if (context.calls > 0) this.#write(context, false);
  }

  #revive(context: MetricContext): MetricContext {
    if (context.identity.isDirect) return context;
    return this.#contexts.get(context.identity.key) ?? this.#takeUp(context);
  }

  #takeUp(context: MetricContext): MetricContext {
    const { isDirect } = context.identity;
    if (this.#contexts.size >= this.#maximumContexts) this.#makeRoom();
    if (this.#contexts.size >= this.#maximumContexts) {
      if (!isDirect) this.#options.onTooManyContexts();
      return context;
    }
    // A direct one is remembered too, so that it is one series however often it is looked for.
    context.isLive = !isDirect;
    context.lastWindow = this.#window;
    this.#contexts.set(context.identity.key, context);
    return context;
  }

  /** Only what has nothing to write can go; looking for it again and again would cost more than it brings. */
  #makeRoom(): void {
    const busy = this.#active.length + this.#sealed.length - this.#nextSealed;
    if (busy > this.#maximumContexts / 2) return;
    for (const [key, context] of this.#contexts) {
      if (context.calls === 0) this.#forget(key, context);
    }
  }

  #forget(key: string, context: MetricContext): void {
    context.isLive = false;
    this.#contexts.delete(key);
  }
}
