import { readPath } from "./untyped.ts";

/** dd-trace's number for a decision by a rate or rule of this process (`constants.js`, SAMPLING_MECHANISM_RULE). */
const decidedByRule = 3;
/** Where dd-trace notes the rate of that decision. */
const ruleRate = "_dd.rule_psr";
/** By this the Agent multiplies a trace when it counts requests (its package `pkg/trace/stats`, `weight`). */
const sampleRateTag = "_sample_rate";

interface LocalSpan {
  readonly _duration: number | undefined;
  context(): LocalContext;
}

interface LocalContext {
  readonly _parentId: unknown;
  readonly _trace: LocalTrace;
  readonly _sampling: {
    readonly priority?: number;
    readonly mechanism?: number;
    readonly isProbabilityDecision?: boolean;
  };
  getTag(key: string): unknown;
  setTag(key: string, value: unknown): void;
}

interface LocalTrace {
  started: readonly LocalSpan[];
  finished: readonly LocalSpan[];
  readonly record?: boolean;
  readonly [ruleRate]?: number;
}

interface Processor {
  process: (span: LocalSpan) => void;
  readonly _prioritySampler: { sample(context: LocalContext): void };
}

/**
 * Leaves the traces out that the sample rate has not chosen. dd-trace would format, encode and send them, the Agent
 * would count them as requests and throw them away; the traces that are kept carry the rate instead, so that the Agent
 * still counts all of them.
 *
 * Only what this process has decided by a rate between 0 and 1 is left out. Everything else goes the old way: what
 * another process or a person has decided, a limit per second, and a rate of 0, which leaves nothing to count.
 */
export class UnsampledTraces {
  readonly #processor: Processor;
  readonly #flushAt: number;
  readonly #keepErrors: boolean;
  #spans = 0;

  private constructor(processor: Processor, flushAt: number, keepErrors: boolean) {
    this.#processor = processor;
    this.#flushAt = flushAt;
    this.#keepErrors = keepErrors;
    const { process } = processor;
    processor.process = (span) => {
      if (!this.#leavesOut(span)) Reflect.apply(process, processor, [span]);
    };
  }

  /**
   * @param keepErrors Whether a trace that fails is kept whatever the rate is.
   * @returns `undefined` where dd-trace needs every trace itself, for statistics of its own, or has not the known shape.
   */
  static attach(tracer: unknown, keepErrors: boolean): UnsampledTraces | undefined {
    const processor = readPath(tracer, "_tracer", "_processor");
    const config = readPath(tracer, "_tracer", "_config");
    const flushAt = readPath(config, "flushMinSpans");
    const isKnown =
      typeof readPath(processor, "process") === "function" &&
      typeof readPath(processor, "_prioritySampler", "sample") === "function" &&
      typeof flushAt === "number";
    const needsAll =
      readPath(processor, "_stats") !== undefined ||
      readPath(config, "apmTracingEnabled") === false;
    if (!isKnown || needsAll) return undefined;
    return new UnsampledTraces(processor as Processor, flushAt, keepErrors);
  }

  /** How many spans have been left out. */
  get spans(): number {
    return this.#spans;
  }

  #leavesOut(span: LocalSpan): boolean {
    try {
      const context = span.context();
      const trace = context._trace;
      const { length } = trace.finished;
      if (trace.started.length !== length && length < this.#flushAt) return false;
      // What dd-trace does next; it decides only once.
      this.#processor._prioritySampler.sample(context);
      const { priority = 1, mechanism, isProbabilityDecision } = context._sampling;
      const rate = trace[ruleRate];
      if (mechanism !== decidedByRule || rate === undefined || rate <= 0 || rate >= 1) return false;
      if (priority <= 0 && isProbabilityDecision !== false && trace.record !== false) {
        this.#spans += length;
        trace.started =
          trace.started.length === length
            ? []
            : trace.started.filter(({ _duration }) => _duration === undefined);
        trace.finished = [];
        return true;
      }
      if (!this.#isKeptForError(trace)) weigh(trace, rate);
    } catch {
      // Of another shape than known: dd-trace does with it what it always does.
    }
    return false;
  }

  /** Then it stands for itself alone, also where the rate had chosen it before it failed. */
  #isKeptForError({ finished }: LocalTrace): boolean {
    return this.#keepErrors && finished.some((span) => Boolean(span.context().getTag("error")));
  }
}

/** The Agent looks at the first span of what it gets together; for the rest of a trace that may be any of them. */
function weigh({ started, finished }: LocalTrace, rate: number): void {
  const first = started[0]?.context();
  if (first?._parentId === null) first.setTag(sampleRateTag, rate);
  else for (const span of finished) span.context().setTag(sampleRateTag, rate);
}
