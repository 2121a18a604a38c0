import type { Span, Tracer } from "dd-trace";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { LLMObservabilityRegistration } from "./llmobs-registration.ts";
import { countNothingInVain } from "./llmobs-telemetry.ts";
import { startObservedSpan } from "./observed-span.ts";
import { type StartOptions, startWithRoom } from "./tags-with-room.ts";
import type {
  BackendAnnotation,
  BackendSpan,
  BackendSpanRequest,
  CapturedScope,
} from "./tracer-backend.ts";

type AnnotationOptions = Parameters<Tracer["llmobs"]["annotate"]>[1];

interface StartedSpan {
  readonly span: BackendSpan;
  readonly scope: CapturedScope | undefined;
}

/** Starts and annotates the spans that LLM Observability records too. */
export class LLMObservabilitySpans {
  readonly #tracer: Tracer;
  readonly #diagnostics: Diagnostics;
  readonly #registration: LLMObservabilityRegistration | undefined;

  constructor(tracer: Tracer, diagnostics: Diagnostics) {
    this.#tracer = tracer;
    this.#diagnostics = diagnostics;
    this.#registration = LLMObservabilityRegistration.of(tracer);
    countNothingInVain(tracer);
  }

  /**
   * Starts a span; where LLM Observability refuses it, it is a plain one, and counted.
   *
   * @param options How dd-trace is to start the span.
   */
  start(
    request: BackendSpanRequest,
    observed: NonNullable<BackendSpanRequest["llmobs"]>,
    options: StartOptions,
  ): StartedSpan {
    const { parentScope } = request;
    if (parentScope === undefined) return this.#start(request, observed, options);
    return parentScope(() => this.#start(request, observed, options));
  }

  /** @throws Where dd-trace refuses a value. */
  annotate(span: BackendSpan, annotation: BackendAnnotation): void {
    this.#tracer.llmobs.annotate(span as Span, annotation as AnnotationOptions);
  }

  #start(
    request: BackendSpanRequest,
    observed: NonNullable<BackendSpanRequest["llmobs"]>,
    options: StartOptions,
  ): StartedSpan {
    const { name, parentScope } = request;
    if (this.#registration?.isApplicable !== true) {
      const started = startObservedSpan(this.#tracer, name, options, observed);
      if (started !== undefined) return started;
      this.#diagnostics.count("llmobs_span_refused");
      return { span: this.#tracer.startSpan(name, options as object), scope: parentScope };
    }
    const span = startWithRoom(this.#tracer, name, options);
    // As `llmobs.trace` does it, so that the Agent keeps statistics of spans of every kind.
    span.setTag("_dd.measured", 1);
    try {
      return { span, scope: this.#registration.register(span, name, observed) };
    } catch {
      this.#diagnostics.count("llmobs_span_refused");
      return { span, scope: parentScope };
    }
  }
}
