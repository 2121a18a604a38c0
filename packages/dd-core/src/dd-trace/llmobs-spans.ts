import type { Span, Tracer } from "dd-trace";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { LLMObservabilitySpanOptions } from "../span/span.ts";
import { LLMObservabilityRegistration } from "./llmobs-registration.ts";
import { countNothingInVain } from "./llmobs-telemetry.ts";
import { startObservedSpan } from "./observed-span.ts";
import type { SpanStarter } from "./span-starter.ts";
import type {
  BackendAnnotation,
  BackendSpan,
  BackendSpanOptions,
  CapturedScope,
  TracerBackend,
} from "./tracer-backend.ts";

type AnnotationOptions = Parameters<Tracer["llmobs"]["annotate"]>[1];

/** A span that LLM Observability may know, and the scope for the spans below it. */
export type StartedSpan = ReturnType<TracerBackend["startObservedSpan"]>;

/** Starts and annotates the spans that LLM Observability records too. */
export class LLMObservabilitySpans {
  readonly #tracer: Tracer;
  readonly #starter: SpanStarter;
  readonly #diagnostics: Diagnostics;
  readonly #registration: LLMObservabilityRegistration | undefined;

  constructor(tracer: Tracer, starter: SpanStarter, diagnostics: Diagnostics) {
    this.#tracer = tracer;
    this.#starter = starter;
    this.#diagnostics = diagnostics;
    this.#registration = LLMObservabilityRegistration.of(tracer);
    countNothingInVain(tracer);
  }

  /** Starts a span; where LLM Observability refuses it, it is a plain one, and counted. */
  start(
    name: string,
    options: BackendSpanOptions,
    observation: LLMObservabilitySpanOptions,
    parentScope: CapturedScope | undefined,
  ): StartedSpan {
    if (parentScope === undefined) return this.#start(name, options, observation, undefined);
    return parentScope(() => this.#start(name, options, observation, parentScope));
  }

  /** @throws Where dd-trace refuses a value. */
  annotate(span: BackendSpan, annotation: BackendAnnotation): void {
    this.#tracer.llmobs.annotate(span as Span, annotation as AnnotationOptions);
  }

  #start(
    name: string,
    options: BackendSpanOptions,
    observation: LLMObservabilitySpanOptions,
    parentScope: CapturedScope | undefined,
  ): StartedSpan {
    if (this.#registration?.isApplicable !== true) {
      const started = startObservedSpan(this.#tracer, name, options, observation);
      if (started !== undefined) return started;
      this.#diagnostics.count("llmobs_span_refused");
      return { span: this.#starter.start(name, options), scope: parentScope };
    }
    const span = this.#starter.startWithRoom(name, options);
    // As `llmobs.trace` does it, so that the Agent keeps statistics of spans of every kind.
    span.setTag("_dd.measured", 1);
    try {
      return { span, scope: this.#registration.register(span, name, observation) };
    } catch {
      this.#diagnostics.count("llmobs_span_refused");
      return { span, scope: parentScope };
    }
  }
}
