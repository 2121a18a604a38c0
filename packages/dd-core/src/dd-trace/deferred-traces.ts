import { setImmediate, setTimeout } from "node:timers";
import { readPath } from "./untyped.ts";

/** So many are encoded together, between two requests: more would hold the next one up, and leave the cache. */
const enoughSpans = 64;

/** Of several traces; one alone may have as many as dd-trace gathers. A loop that never waits reaches it. */
const maximumSpans = 128;

/** Fewer spans are encoded by then (ms); dd-trace hands over what is encoded every two seconds. */
const longestWaitMs = 100;

interface LocalSpan {
  context(): { readonly _trace?: LocalTrace };
}

interface LocalTrace {
  started: readonly LocalSpan[];
  finished: readonly LocalSpan[];
  readonly record?: boolean;
}

interface Processor {
  process: (span: LocalSpan) => void;
  readonly _prioritySampler: { sample(context: object): void };
}

interface DeferredTrace {
  /** The span with which it ended. */
  readonly span: LocalSpan;
  readonly trace: LocalTrace;
  readonly started: readonly LocalSpan[];
  readonly finished: readonly LocalSpan[];
}

/**
 * Lets traces that have ended wait for each other. dd-trace formats and encodes all spans of a trace when the last one
 * ends, which in a service is before the answer goes out, with code that the requests in between have driven out of the
 * processor's caches. Here some are encoded together, in a turn of the event loop of their own.
 *
 * What dd-trace decides at the end of a trace is decided at its end. Spans that start in it afterwards are sent by
 * themselves, as they are without this. A trace that is still going on is dd-trace's alone.
 */
export class DeferredTraces {
  readonly #process: (span: LocalSpan) => void;
  readonly #onLost: (spans: number) => void;
  readonly #handedOver: () => number;
  #traces: DeferredTrace[] = [];
  #spans = 0;
  #isTurnAwaited = false;
  #isTimed = false;

  private constructor(
    processor: Processor,
    handedOver: () => number,
    onLost: (spans: number) => void,
  ) {
    const { process } = processor;
    this.#process = (span) => Reflect.apply(process, processor, [span]);
    this.#handedOver = handedOver;
    this.#onLost = onLost;
    processor.process = (span) => {
      const trace = endedTrace(span);
      if (trace === undefined) return this.#process(span);
      processor._prioritySampler.sample(span.context());
      this.#defer(span, trace);
    };
  }

  /**
   * @param handedOver How many spans dd-trace has handed over to be encoded so far.
   * @param onLost Told how many spans dd-trace has thrown for.
   * @returns `undefined` where dd-trace has not the known shape.
   */
  static attach(
    tracer: unknown,
    handedOver: () => number,
    onLost: (spans: number) => void,
  ): DeferredTraces | undefined {
    const processor = readPath(tracer, "_tracer", "_processor");
    const isKnown =
      typeof readPath(processor, "process") === "function" &&
      typeof readPath(processor, "_prioritySampler", "sample") === "function";
    return isKnown ? new DeferredTraces(processor as Processor, handedOver, onLost) : undefined;
  }

  /** Spans that wait. */
  get pendingSpans(): number {
    return this.#spans;
  }

  /** Gives them to dd-trace, at once; never throws. */
  drain(): void {
    const traces = this.#traces;
    if (traces.length === 0) return;
    this.#traces = [];
    this.#spans = 0;
    for (const deferred of traces) this.#give(deferred);
  }

  #defer(span: LocalSpan, trace: LocalTrace): void {
    const { started, finished } = trace;
    if (this.#spans + finished.length > maximumSpans) this.drain();
    this.#traces.push({ span, trace, started, finished });
    this.#spans += finished.length;
    trace.started = [];
    trace.finished = [];
    if (this.#spans >= enoughSpans) this.#drainNextTurn();
    else this.#drainInTime();
  }

  #drainNextTurn(): void {
    if (this.#isTurnAwaited) return;
    this.#isTurnAwaited = true;
    setImmediate(() => {
      this.#isTurnAwaited = false;
      this.drain();
    });
  }

  /** By a new timer each time: one that is kept would keep the asynchronous context alive in which it was made. */
  #drainInTime(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    const timer = setTimeout(() => {
      this.#isTimed = false;
      this.drain();
    }, longestWaitMs);
    timer.unref();
  }

  #give({ span, trace, started, finished }: DeferredTrace): void {
    // What has started and ended in the trace since.
    const { started: startedSince, finished: finishedSince } = trace;
    const before = this.#handedOver();
    trace.started = started;
    trace.finished = finished;
    try {
      this.#process(span);
    } catch {
      if (this.#handedOver() === before) this.#onLost(finished.length);
    } finally {
      trace.started = startedSince;
      trace.finished = finishedSince;
    }
  }
}

/** The trace of a span that has just ended, where all of its spans have; `undefined` for one of another shape, too. */
function endedTrace(span: LocalSpan): LocalTrace | undefined {
  const { _trace: trace } = span.context();
  if (!Array.isArray(trace?.started) || !Array.isArray(trace.finished)) return undefined;
  const hasEnded = trace.started.length === trace.finished.length;
  return hasEnded && trace.record !== false ? trace : undefined;
}
