import type { BackendContext, BackendSpan, TracerBackend } from "../dd-trace/tracer-backend.ts";
import { keepDecidedTrace, traceOf } from "../dd-trace/untyped.ts";
import { safeRead } from "../guard/safe-read.ts";
import type { SpanOptions } from "../span/span.ts";
import type { AdaptiveRate } from "./adaptive-rate.ts";
import {
  describeDecision,
  isManual,
  type SamplingReason,
  type TraceDecision,
} from "./sampling-decision.ts";

/** Where the tracer's trace holds why it is kept: a weak map of traces would cost ten times as much. */
const cause: unique symbol = Symbol("SamplingReason");

interface NotedTrace {
  [cause]?: SamplingReason;
}

/** The part of sampling that a tracer cannot do by itself: what is kept for its content, and why. */
export class TraceSampling {
  readonly #backend: TracerBackend;
  readonly #keepErrors: boolean;
  readonly #sampleRate: number;
  readonly #adaptive: AdaptiveRate | undefined;

  constructor(
    backend: TracerBackend,
    settings: { readonly keepErrors: boolean; readonly sampleRate: number },
    adaptive: AdaptiveRate | undefined,
  ) {
    this.#backend = backend;
    this.#keepErrors = settings.keepErrors;
    this.#sampleRate = settings.sampleRate;
    this.#adaptive = adaptive;
  }

  /** Notes that a trace has begun here. */
  traceStarted(): void {
    this.#adaptive?.traceStarted();
  }

  /** Notes why a span that was started with `keep` keeps its trace. */
  keptFor(span: BackendSpan, options: SpanOptions): void {
    const kind = safeRead(safeRead(options, "llmobs"), "kind");
    this.#note(span, kind === undefined ? "manual" : kind === "agent" ? "agent" : "llm");
  }

  /** Keeps the trace of a span that has failed, unless somebody has dropped it by hand. */
  failed(span: BackendSpan): void {
    if (!this.#keepErrors) return;
    const context = span.context();
    const { priority, mechanism } = this.#backend.samplingDecision(context);
    if (isManual(mechanism) || (typeof priority === "number" && priority > 0)) return;
    span.setTag("manual.keep", true);
    // An older dd-trace lets a decision stand that has been taken before.
    if (priority !== undefined && this.#backend.samplingDecision(context).priority === priority) {
      keepDecidedTrace(context);
    }
    this.#note(span, "error");
  }

  /** What has been decided about the trace of a context. */
  decision(context: BackendContext): TraceDecision {
    const trace: NotedTrace | undefined = traceOf(context);
    return describeDecision(
      this.#backend.samplingDecision(context),
      this.#backend.describe(context),
      this.#adaptive?.rate ?? this.#sampleRate,
      trace?.[cause],
    );
  }

  #note(span: BackendSpan, reason: SamplingReason): void {
    const trace: NotedTrace | undefined = traceOf(span.context());
    if (trace !== undefined) trace[cause] ??= reason;
  }
}
