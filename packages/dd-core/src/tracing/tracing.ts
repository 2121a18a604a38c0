import type { SpanContext } from "@llmdevops/dd-propagation";
import type { AuditLog } from "../audit/audit-log.ts";
import type { Configuration } from "../configuration/configuration.ts";
import {
  type ConfigurationReport,
  reportConfiguration,
} from "../configuration/configuration-report.ts";
import type { Foundation } from "../configuration/foundation.ts";
import type { LLMObservabilitySDK } from "../dd-trace/llmobs-sdk.ts";
import type { BackendSpan, TracerBackend } from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { PropagationFailedError } from "../errors/tracing-error.ts";
import { safeRead } from "../guard/safe-read.ts";
import type { TagGuard } from "../guard/tag-guard.ts";
import { guardedRecord } from "../logs/guarded-record.ts";
import { type CorrelationIds, correlationIds, withCorrelation } from "../logs/log-correlation.ts";
import type { SpanNames } from "../naming/span-names.ts";
import type { AdaptiveRate } from "../sampling/adaptive-rate.ts";
import type { TraceDecision } from "../sampling/sampling-decision.ts";
import { TraceSampling } from "../sampling/trace-sampling.ts";
import { OpenSpans } from "../span/open-spans.ts";
import type { Span, SpanOptions } from "../span/span.ts";
import { SpanAccounting } from "../span/span-accounting.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { SpanTimeouts } from "../span/span-timeouts.ts";
import { TracedSpan, tracedSpanOf } from "../span/traced-span.ts";
import { ContextBridge, type InjectedContext } from "./context-bridge.ts";
import type { FlushReport, HealthReport } from "./flush-report.ts";
import { annotateSpan, type LLMObservabilityAnnotation } from "./llm-observability.ts";
import {
  exportObservedSpan,
  type LLMObservabilityEvaluation,
  type LLMObservabilityFeedback,
  type LLMObservabilitySpanReference,
  submitEvaluation,
  submitFeedback,
} from "./llm-observability-evaluation.ts";
import { runAndFinish } from "./run-in-span.ts";
import { spanTotals } from "./span-totals.ts";
import { startTracedSpan } from "./start-span.ts";

const noOptions: SpanOptions = {};
/** Open spans that a shutdown ends; a busy process has some thousands at most. */
const maximumOpenSpans = 10_000;

/** The span that is active, as the client knows it and as the tracer underneath does. */
interface ActiveSpan {
  readonly backendSpan: BackendSpan | undefined;
  /** `undefined` for a span that somebody else started with the same tracer. */
  readonly span: TracedSpan | undefined;
}

/** The tracing client; see {@link createTracing}. */
export class Tracing implements Foundation {
  /** The settings in use and where each came from. */
  readonly configuration: Configuration;
  /** The guard that every exported value passes; packages that export something of their own use it too. */
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
  readonly #audit: AuditLog | undefined;
  readonly #names: SpanNames | undefined;
  readonly #backend: TracerBackend;
  readonly #state: HealthReport["tracing"];
  readonly #environment: SpanEnvironment;
  readonly #bridge: ContextBridge;

  /** @internal */
  constructor(
    foundation: Foundation,
    backend: TracerBackend,
    state: HealthReport["tracing"],
    adaptive?: AdaptiveRate,
  ) {
    const { configuration, guard, diagnostics } = foundation;
    this.#audit = foundation.audit;
    this.#names = foundation.names;
    this.configuration = configuration;
    this.guard = guard;
    this.diagnostics = diagnostics;
    this.#backend = backend;
    this.#state = state;
    this.#bridge = new ContextBridge(backend, diagnostics);
    const accounting = new SpanAccounting();
    const { sampleRate } = configuration;
    const { keepErrors } = configuration.sampling;
    this.#environment = {
      backend,
      guard,
      diagnostics,
      accounting,
      sampling: new TraceSampling(backend, { sampleRate, keepErrors }, adaptive),
      timeouts: new SpanTimeouts((span) => {
        accounting.spanTimedOut();
        span.setTags({
          timeout: true,
          error: true,
          "error.type": "SpanTimeout",
          "error.message": "The span was still open when its time limit ended.",
        });
        span.finish();
      }),
      openSpans: new OpenSpans(maximumOpenSpans, () => {
        diagnostics.count("open_spans_over_limit");
        diagnostics.warnOnce(
          "open-spans",
          `More than ${maximumOpenSpans} spans are open at once; some are probably never finished. A shutdown does not end the oldest.`,
        );
      }),
      contextOf: this.#bridge.contextOf,
      backendContextOf: this.#bridge.backendContextOf,
    };
  }

  /** Whether LLM Observability spans are recorded. */
  get llmobsEnabled(): boolean {
    return this.#backend.llmobsEnabled;
  }

  /** Starts a span that the caller finishes. Its parent is the active span unless `childOf` says otherwise. */
  startSpan(name: string, options?: SpanOptions): Span {
    return startTracedSpan(this.#environment, name, options ?? noOptions);
  }

  /** Ends a span. @param endTime When it ended (ms since the epoch). @default now */
  finishSpan(span: Span, endTime?: number): void {
    if (typeof safeRead(span, "finish") === "function") span.finish(endTime);
    else this.diagnostics.count("invalid_span");
  }

  /**
   * Runs `fn` in a new active span, which ends once, when `fn` has returned or its promise has settled;
   * what it throws is recorded and thrown on.
   *
   * @example
   * ```ts
   * const ticket = await tracing.trace("ticket.load", { resource: "tickets" }, async (span) => {
   *   span.setTag("ticket.channel", "email");
   *   return loadTicket(id);
   * });
   * ```
   */
  trace<T>(name: string, fn: (span: Span) => T): T;
  trace<T>(name: string, options: SpanOptions, fn: (span: Span) => T): T;
  trace<T>(
    name: string,
    optionsOrFn: SpanOptions | ((span: Span) => T),
    fn?: (span: Span) => T,
  ): T {
    const run = typeof optionsOrFn === "function" ? optionsOrFn : fn;
    const options = typeof optionsOrFn === "function" ? undefined : optionsOrFn;
    if (typeof run !== "function") {
      this.diagnostics.count("call_without_function");
      return undefined as T;
    }
    const span = this.startSpan(name, options);
    return runAndFinish(span, () => this.withSpan(span, () => run(span)));
  }

  /** Runs `fn` with `span` active, also after its awaits; the span stays open. */
  withSpan<T>(span: Span, fn: () => T): T {
    if (typeof fn !== "function") {
      this.diagnostics.count("call_without_function");
      return undefined as T;
    }
    const target = TracedSpan.of(span);
    if (target !== undefined) return target.activate(fn);
    this.diagnostics.count("invalid_span");
    return fn();
  }

  /** The active span, or `undefined` outside every span of this client. */
  getCurrentSpan(): Span | undefined {
    return this.#active().span;
  }

  /**
   * Writes the trace context of a span into a carrier (headers, or a carrier of `@llmdevops/dd-propagation`).
   *
   * @param span @default the active span
   * @returns The same carrier; unchanged when there is no span.
   */
  injectContext<C>(carrier: C, span?: Span): C {
    try {
      const target = this.#injected(span);
      if (target === undefined) return carrier;
      this.#bridge.inject(target, carrier);
    } catch (cause) {
      this.diagnostics.fault(
        "propagation_failed",
        new PropagationFailedError("The trace context could not be written to the carrier.", {
          cause,
        }),
      );
    }
    return carrier;
  }

  /**
   * Reads a trace context from a carrier.
   *
   * @returns `null` when there is none or it is malformed; that is counted and reported.
   */
  extractContext(carrier: unknown): SpanContext | null {
    return this.#bridge.extract(carrier);
  }

  /**
   * Returns a guarded copy of a log record with the correlation fields of the active span.
   *
   * Sensitive fields and personal data are redacted as in tags, and dates, errors and other values that JSON has no
   * form for are given one. What cannot be read is replaced by the field `message`, and counted.
   */
  injectTraceContext<R extends object>(record: R): R & Partial<CorrelationIds> {
    const guarded = guardedRecord(record, this.guard, this.diagnostics);
    return this.configuration.logInjection
      ? withCorrelation(guarded, this.getCorrelationIds())
      : guarded;
  }

  /** The fields that join a log line to its trace. @param span @default the active span */
  getCorrelationIds(span?: Span): CorrelationIds {
    try {
      if (span !== undefined) return correlationIds(span.context(), this.configuration);
      const active = this.#active().backendSpan;
      const identity = active === undefined ? undefined : this.#bridge.contextOf(active.context());
      return correlationIds(identity, this.configuration);
    } catch {
      this.diagnostics.count("invalid_span");
      return correlationIds(undefined, this.configuration);
    }
  }

  /**
   * What has been decided about a trace, and why; reading it decides nothing.
   *
   * @param span @default the active span
   * @returns `undefined` without a span.
   */
  samplingDecision(span?: Span): TraceDecision | undefined {
    try {
      const target =
        span === undefined ? this.#backend.activeSpan() : TracedSpan.of(span)?.backendSpan;
      if (target !== undefined) return this.#environment.sampling.decision(target.context());
      if (span !== undefined) this.diagnostics.count("invalid_span");
    } catch {
      this.diagnostics.count("invalid_span");
    }
    return undefined;
  }

  /** Adds to what LLM Observability is told of a span that was started with `llmobs`; never throws. */
  annotate(span: Span, annotation: LLMObservabilityAnnotation): void {
    const target = TracedSpan.of(span);
    if (target !== undefined && this.#backend.llmobsEnabled) {
      annotateSpan(this.#environment, target, annotation);
    }
  }

  /**
   * The identity of a span in LLM Observability, which differs from the one in APM; also after the span has ended.
   *
   * @returns `undefined` where the span is not recorded there.
   */
  exportLLMObservabilitySpan(span: Span): LLMObservabilitySpanReference | undefined {
    return exportObservedSpan(this.#environment, TracedSpan.of(span));
  }

  /** Submits an evaluation of a span; what cannot be sent is counted. Never throws. */
  submitEvaluation(evaluation: LLMObservabilityEvaluation): void {
    submitEvaluation(this.#environment, evaluation);
  }

  /** Submits what an end user thinks of a span, a trace or a session; what cannot be sent is counted. Never throws. */
  submitFeedback(feedback: LLMObservabilityFeedback): void {
    submitFeedback(this.#environment, feedback);
  }

  /** dd-trace's own SDK, for its prompts, datasets and experiments; `undefined` where LLM Observability is off. */
  get llmobsSdk(): LLMObservabilitySDK | undefined {
    return this.#backend.llmobsSdk?.();
  }

  /** The settings in use and where each came from, to be printed; without credentials. */
  configurationReport(): ConfigurationReport {
    return reportConfiguration(this.configuration, this.guard);
  }

  /** The state of the client, for a health endpoint. */
  health(): HealthReport {
    const spans = this.#environment.accounting.counts();
    const link = this.#backend.linkHealth();
    return {
      tracing: this.#state,
      agentUrl: this.configuration.agentUrl,
      spans,
      totals: spanTotals(spans, link, this.#state === "active"),
      link,
      dependencies: this.#names?.dependencies() ?? [],
      faults: this.diagnostics.counts(),
      lastError: this.diagnostics.lastError(),
    };
  }

  /** Hands everything that is finished to the Agent; never rejects and ends within the flush time limit. */
  async flush(): Promise<FlushReport> {
    const start = performance.now();
    let complete = false;
    try {
      complete = await this.#backend.flush(this.configuration.flushTimeoutMs);
    } catch {
      this.diagnostics.count("flush_failed");
    }
    if (!complete) this.diagnostics.count("flush_incomplete");
    const durationMs = performance.now() - start;
    const outcome = complete ? "everything was taken" : "not everything was taken";
    this.diagnostics.info(`Flushed in ${Math.round(durationMs)} ms: ${outcome}.`);
    return {
      complete,
      durationMs,
      openSpans: this.#environment.accounting.counts().open,
      link: this.#backend.linkHealth(),
    };
  }

  /**
   * Ends the open spans, with the tag `shutdown`, flushes and stops the timers; spans may still be started afterwards.
   */
  async shutdown(): Promise<FlushReport> {
    const { timeouts, openSpans } = this.#environment;
    for (const span of openSpans.newestFirst()) span.setTag("shutdown", true).finish();
    timeouts.stop();
    const report = await this.flush();
    const health = this.health();
    const { created, exported, dropped, buffered } = health.totals;
    this.diagnostics.info(
      `Shut down: ${created} spans created, ${exported} exported, ${dropped} dropped, ${buffered} waiting.`,
    );
    this.#audit?.ended(health);
    return report;
  }

  #active(): ActiveSpan {
    const backendSpan = this.#backend.activeSpan();
    const span = backendSpan === undefined ? undefined : tracedSpanOf(backendSpan);
    return { backendSpan, span };
  }

  /** What to write for a span: this client's own, that of another copy of the package, or the active one. */
  #injected(span: Span | undefined): InjectedContext | undefined {
    const active = this.#active();
    const target = span === undefined ? active.span : TracedSpan.of(span);
    if (target !== undefined) {
      const { backendSpan, scope, remote } = target;
      return { context: backendSpan, scope, remote, span: target };
    }
    const context = span === undefined ? active.backendSpan : this.#bridge.backendContextOf(span);
    if (span !== undefined && context === undefined) this.diagnostics.count("invalid_span");
    return context === undefined ? undefined : { context, scope: undefined, remote: undefined };
  }
}
