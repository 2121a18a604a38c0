import { asCarrier, type SpanContext, type TraceContextCarrier } from "@llmdevops/dd-propagation";
import type { BackendContext, TracerBackend } from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { InvalidTraceContextError } from "../errors/tracing-error.ts";
import { headersFor, rememberHeaders } from "../span/span-context.ts";

/** Every header that one of the supported propagation styles may use. */
const propagationHeaders = [
  "x-datadog-trace-id",
  "x-datadog-parent-id",
  "x-datadog-sampling-priority",
  "x-datadog-origin",
  "x-datadog-tags",
  "traceparent",
  "tracestate",
  "baggage",
  "b3",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-flags",
];
const decimalId = /^\d{1,20}$/;

/** Turns the tracer's contexts into plain values and back. */
export class ContextBridge {
  readonly #backend: TracerBackend;
  readonly #diagnostics: Diagnostics;

  constructor(backend: TracerBackend, diagnostics: Diagnostics) {
    this.#backend = backend;
    this.#diagnostics = diagnostics;
  }

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

  /** A fresh context each time: dd-trace hangs the state of one local trace on it. */
  backendContextOf = (context: SpanContext): BackendContext | undefined => {
    try {
      const read: unknown = Reflect.get(context, "context");
      // A span of another copy of this package: its context is plain data.
      const plain = typeof read === "function" ? (read.call(context) as SpanContext) : context;
      return this.#backend.extract({ ...headersFor(plain) });
    } catch {
      return undefined;
    }
  };

  extract(carrier: unknown): SpanContext | null {
    const headers = this.#readHeaders(asCarrier(carrier));
    if (Object.keys(headers).length === 0) return null;
    const context = this.#backend.extract({ ...headers });
    if (context === undefined) {
      this.#diagnostics.count("trace_context_absent");
      return null;
    }
    const result = this.contextOf(context);
    rememberHeaders(result, headers);
    return result;
  }

  #readHeaders(carrier: TraceContextCarrier): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const name of propagationHeaders) {
      const value = carrier.get(name);
      if (value !== undefined) headers[name] = value;
    }
    for (const name of ["x-datadog-trace-id", "x-datadog-parent-id"]) {
      const value = headers[name];
      if (value !== undefined && !decimalId.test(value.trim())) {
        this.#diagnostics.fault(
          "invalid_trace_context",
          new InvalidTraceContextError(
            `The header ${name} is not a decimal 64-bit id, so the Datadog headers of this carrier are ignored.`,
          ),
        );
        for (const datadog of propagationHeaders.slice(0, 5)) delete headers[datadog];
      }
    }
    return headers;
  }
}
