import { AsyncLocalStorage } from "node:async_hooks";
import {
  createPropagator,
  type PropagationStyle,
  type Propagator,
} from "@llmdevops/dd-propagation";
import type { BackendContext, TracerBackend } from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { InvalidTraceContextError, PropagationFailedError } from "../errors/tracing-error.ts";
import { safeRead } from "../guard/safe-read.ts";
import type { Span } from "../span/span.ts";
import type { SpanContext } from "../span/span-context.ts";

/** All of them, so that one is there whatever dd-trace has been told to read. */
const everyStyle: readonly PropagationStyle[] = [
  "datadog",
  "tracecontext",
  "b3multi",
  "b3",
  "baggage",
];

/** Turns the tracer's contexts into plain values and back. */
export class ContextBridge {
  readonly #backend: TracerBackend;
  readonly #diagnostics: Diagnostics;
  readonly #propagator: Propagator;

  constructor(backend: TracerBackend, diagnostics: Diagnostics) {
    this.#backend = backend;
    this.#diagnostics = diagnostics;
    this.#propagator = createPropagator({
      inject: everyStyle,
      onError: (cause) => this.#report(cause),
    });
  }

  /** The value of a context of the tracer. */
  contextOf = (context: BackendContext): SpanContext => {
    const { samplingPriority, origin, tags, baggage } = this.#backend.describe(context);
    return Object.freeze({
      traceId: context.toTraceId(),
      traceIdHex: context.toTraceId(true),
      spanId: context.toSpanId(),
      ...(samplingPriority === undefined ? {} : { samplingPriority }),
      ...(origin === undefined ? {} : { origin }),
      tags: Object.freeze(tags),
      baggage: Object.freeze(baggage),
    });
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
    const headers = this.#propagator.inject(context as SpanContext, {} as Record<string, string>);
    const extract = () => this.#backend.extract(headers);
    return effects === "baggage" ? extract() : AsyncLocalStorage.snapshot()(extract);
  };

  /** Reads a context; one without a trace id brings only what came without one to a new trace. */
  extract(carrier: unknown): SpanContext | null {
    return this.#propagator.extract(carrier);
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

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch {
    return undefined;
  }
}
