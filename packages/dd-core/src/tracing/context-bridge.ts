import { AsyncLocalStorage } from "node:async_hooks";
import {
  contextFromHex,
  createPropagator,
  type HexContext,
  type PropagationStyle,
  type Propagator,
} from "@llmdevops/dd-propagation";
import { internalTagsLength } from "../dd-trace/quiet-environment.ts";
import type {
  BackendContext,
  BackendSpan,
  CapturedScope,
  SamplingDecision,
  TracerBackend,
} from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { InvalidTraceContextError, PropagationFailedError } from "../errors/tracing-error.ts";
import { safeRead } from "../guard/safe-read.ts";
import type { Span } from "../span/span.ts";
import type { SpanContext } from "../span/span-context.ts";
import type { TracedSpan } from "../span/traced-span.ts";

/** What dd-trace is given: several formats, so that one is there whatever it has been told to read. */
const everyStyle: readonly PropagationStyle[] = [
  "datadog",
  "tracecontext",
  "b3multi",
  "b3",
  "baggage",
];
/** Those that can say that nobody has decided yet; a traceparent always says yes or no. */
const undecidedStyles: readonly PropagationStyle[] = ["datadog", "b3multi", "b3", "baggage"];

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A span whose context is written, and what goes with it. */
export interface InjectedContext {
  readonly context: BackendSpan | BackendContext;
  readonly scope: CapturedScope | undefined;
  readonly remote: SpanContext | undefined;
  /** The span, where it is one of this package: what is written for it once is written again. */
  readonly span?: TracedSpan;
}

/**
 * Turns the tracer's contexts into plain values and back. The formats on the wire are those of
 * `@llmdevops/dd-propagation`: dd-trace only ever reads what is valid, and contributes the sampling decision and the
 * tags it propagates.
 */
export class ContextBridge {
  readonly #backend: TracerBackend;
  readonly #diagnostics: Diagnostics;
  readonly #wire: Propagator;
  readonly #writer: Propagator;
  readonly #decided: Propagator;
  readonly #undecided: Propagator;

  constructor(backend: TracerBackend, diagnostics: Diagnostics) {
    this.#backend = backend;
    this.#diagnostics = diagnostics;
    const onError = (cause: Error) => this.#report(cause);
    this.#wire = createPropagator({ onError });
    this.#writer = createPropagator({
      onError: (cause) => {
        // Routine with LLM Observability, whose tags do not fit a tracestate; x-datadog-tags has room for them.
        if (cause.name === "InvalidTraceContextError")
          diagnostics.count("propagated_tags_left_out");
        else onError(cause);
      },
    });
    // What does not fit a format here stays with our own context, so nothing of it is lost or worth a warning.
    const isLoss = (cause: Error) => cause.name !== "InvalidTraceContextError";
    const internal = {
      maximumTagsLength: internalTagsLength,
      env: {},
      onError: (cause: Error) => isLoss(cause) && onError(cause),
    };
    this.#decided = createPropagator({ inject: everyStyle, ...internal });
    this.#undecided = createPropagator({ inject: undecidedStyles, ...internal });
  }

  /**
   * The value of a context of the tracer.
   *
   * @param remote The context from another process that the local trace goes on from.
   * @param added Tags that dd-trace adds where it writes the context, in the form of `x-datadog-tags`.
   */
  contextOf = (context: BackendContext, remote?: SpanContext, added?: string): SpanContext => {
    const description = this.#backend.describe(context);
    const { samplingPriority, samplingRate, origin, tags, baggage } = description;
    const plain: Writable<HexContext> = {
      traceIdHex: context.toTraceId(true),
      spanIdHex: context.toSpanId(true),
      tags: Object.freeze(added === undefined ? tags : { ...tags, ...parsePairs(added) }),
      baggage: Object.freeze(baggage),
    };
    if (samplingPriority !== undefined) plain.samplingPriority = samplingPriority;
    if (samplingRate !== undefined && remote?.samplingPriority === undefined) {
      plain.samplingRate = samplingRate;
    }
    if (origin !== undefined) plain.origin = origin;
    if (remote?.traceState !== undefined) plain.traceState = remote.traceState;
    if (remote?.randomTraceId !== undefined) plain.randomTraceId = remote.randomTraceId;
    return contextFromHex(plain) ?? withoutTrace(context, plain);
  };

  /**
   * The tracer's context for a value, or for a span of another copy of this package. A fresh one each time: dd-trace
   * hangs the state of one local trace on it.
   *
   * @param effects Whether the baggage of the context becomes that of the running code, as dd-trace does it.
   */
  backendContextOf = (
    target: SpanContext | Span,
    effects: "baggage" | "none" = "none",
  ): BackendContext | undefined => {
    const read = safeRead(target, "context");
    const context: unknown = typeof read === "function" ? attempt(() => read.call(target)) : target;
    if (typeof context !== "object" || context === null) return undefined;
    const plain = context as SpanContext;
    const direct = attempt(() => this.#backend.remoteContext?.(plain, effects));
    if (direct !== undefined) return direct as BackendContext;
    const readAs = (propagator: Propagator) =>
      this.#backend.extract(propagator.inject(plain, {} as Record<string, string>));
    const extract = () =>
      (safeRead(plain, "samplingPriority") === undefined ? readAs(this.#undecided) : undefined) ??
      readAs(this.#decided);
    return effects === "baggage" ? extract() : AsyncLocalStorage.snapshot()(extract);
  };

  /** Reads a context; one without a trace id brings only what came without one to a new trace. */
  extract(carrier: unknown): SpanContext | null {
    return this.#wire.extract(carrier);
  }

  /** Writes the context of a span into a carrier, in the formats that the user has chosen. */
  inject(target: InjectedContext, carrier: unknown): void {
    const { span } = target;
    const backend = "context" in target.context ? target.context.context() : target.context;
    const known = span?.injection;
    if (known !== undefined && isSame(known.decision, this.#backend.samplingDecision(backend))) {
      this.#writer.inject(known.context, carrier);
      return;
    }
    // dd-trace takes the sampling decision now, and adds the tags of LLM Observability.
    const headers = this.#backend.inject(target.context, target.scope);
    const context = this.contextOf(backend, target.remote, headers["x-datadog-tags"]);
    if (span !== undefined) {
      span.injection = { decision: this.#backend.samplingDecision(backend), context };
    }
    this.#writer.inject(context, carrier);
  }

  #report(cause: Error): void {
    if (cause.name === "InvalidTraceContextError") {
      const error = new InvalidTraceContextError(cause.message, { cause });
      this.#diagnostics.fault("invalid_trace_context", error);
    } else {
      const error = new PropagationFailedError(cause.message, { cause });
      this.#diagnostics.fault("propagation_failed", error);
    }
  }
}

/** The context of a span that is in no trace: of one that could not be started. */
function withoutTrace(context: BackendContext, { spanIdHex, ...rest }: HexContext): SpanContext {
  return Object.freeze({ ...rest, traceId: context.toTraceId(), spanId: context.toSpanId() });
}

function isSame(one: SamplingDecision, other: SamplingDecision): boolean {
  return one.priority === other.priority && one.mechanism === other.mechanism;
}

function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of text.split(",")) {
    const separator = pair.indexOf("=");
    if (separator > 0) pairs[pair.slice(0, separator)] = pair.slice(separator + 1);
  }
  return pairs;
}

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch {
    return undefined;
  }
}
