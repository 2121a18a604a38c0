import type { SpanContext } from "@llmdevops/dd-propagation";
import type { AuditLog } from "../audit/audit-log.ts";
import type { Configuration } from "../configuration/configuration.ts";
import {
  type ConfigurationReport,
  reportConfiguration,
} from "../configuration/configuration-report.ts";
import type { Foundation } from "../configuration/foundation.ts";
import type { LLMObservabilitySDK } from "../dd-trace/llmobs-sdk.ts";
import type { TracerBackend } from "../dd-trace/tracer-backend.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { safeRead } from "../guard/safe-read.ts";
import type { TagGuard } from "../guard/tag-guard.ts";
import { guardedRecord } from "../logs/guarded-record.ts";
import { type CorrelationIds, correlationIds, withCorrelation } from "../logs/log-correlation.ts";
import type { SpanNames } from "../naming/span-names.ts";
import type { AdaptiveRate } from "../sampling/adaptive-rate.ts";
import type { TraceDecision } from "../sampling/sampling-decision.ts";
import type { Span, SpanOptions } from "../span/span.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import { TracedSpan } from "../span/traced-span.ts";
import { activeSpan, injectActiveContext } from "./active-span.ts";
import { ContextBridge } from "./context-bridge.ts";
import { createSpanEnvironment } from "./create-span-environment.ts";
import { type FlushReport, flushSpans, type HealthReport } from "./flush-report.ts";
import { annotateSpan, type LLMObservabilityAnnotation } from "./llm-observability.ts";
import {
  exportObservedSpan,
  type LLMObservabilityEvaluation,
  type LLMObservabilityFeedback,
  type LLMObservabilitySpanReference,
  submitEvaluation,
  submitFeedback,
} from "./llm-observability-evaluation.ts";
import { activateAndFinish } from "./run-in-span.ts";
import { spanTotals } from "./span-totals.ts";
import { startTracedSpan } from "./start-span.ts";

const noOptions: SpanOptions = {};

/** The tracing client; see {@link createTracing}. No method throws or rejects; what `fn` throws is thrown on. */
export class Tracing implements Foundation {
  /** The settings in use and where each came from. */
  readonly configuration: Configuration;
  /** The guard that every exported value passes; packages that export something of their own use it too. */
  readonly guard: TagGuard;
  /** Where faults are counted and reported, for the packages that build on this one. */
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
    this.#environment = createSpanEnvironment(foundation, backend, this.#bridge, adaptive);
  }

  /** Whether LLM Observability spans are recorded. */
  get llmobsEnabled(): boolean {
    return this.#backend.llmobsEnabled;
  }

  /**
   * Starts a span that the caller finishes. Its parent is the active span unless `childOf` says otherwise.
   *
   * @param name The operation, with few different values, for example `ticket.load`.
   * @example
   * ```ts
   * const span = tracing.startSpan("ticket.load", { tags: { "ticket.channel": "email" } });
   * try {
   *   await tracing.withSpan(span, () => loadTicket(id));
   * } catch (error) {
   *   span.setError(error);
   *   throw error;
   * } finally {
   *   span.finish();
   * }
   * ```
   */
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
    const span = startTracedSpan(this.#environment, name, options ?? noOptions);
    return activateAndFinish(span, run);
  }

  /** Runs `fn` with `span` active, also after its awaits; the span stays open. */
  withSpan<T>(span: Span, fn: () => T): T {
    if (typeof fn !== "function") {
      this.diagnostics.count("call_without_function");
      return undefined as T;
    }
    const target = TracedSpan.of(span);
    if (target !== undefined) return target.activate(() => fn(), undefined);
    this.diagnostics.count("invalid_span");
    return fn();
  }

  /** The active span, or `undefined` outside every span of this client. */
  getCurrentSpan(): Span | undefined {
    return activeSpan(this.#backend).span;
  }

  /**
   * Writes the trace context of a span into a carrier (headers, or a carrier of `@llmdevops/dd-propagation`).
   *
   * @param span The span that the context is of. @default the active span
   * @returns The same carrier; unchanged when there is no span.
   * @example
   * ```ts
   * await fetch("https://orders.example/", { headers: tracing.injectContext<Record<string, string>>({}) });
   * ```
   */
  injectContext<C>(carrier: C, span?: Span): C {
    injectActiveContext(this.#environment, this.#bridge, carrier, span);
    return carrier;
  }

  /**
   * Reads a trace context from a carrier.
   *
   * @returns `null` when there is none, or when it is malformed, which is counted and told to `onError`.
   * @example
   * ```ts
   * import { createServer } from "node:http";
   *
   * createServer((request, response) => {
   *   const childOf = tracing.extractContext(request.headers);
   *   tracing.trace("http.request", { childOf, kind: "server" }, () => response.end());
   * });
   * ```
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

  /** The fields that join a log line to its trace. @param span The span to log for. @default the active span */
  getCorrelationIds(span?: Span): CorrelationIds {
    try {
      if (span !== undefined) return correlationIds(span.context(), this.configuration);
      const active = this.#backend.activeSpan();
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
   * @param span A span of the trace. @default the active span
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
  flush(): Promise<FlushReport> {
    return flushSpans(this.#environment, this.configuration.flushTimeoutMs);
  }

  /**
   * Ends the open spans, with the tag `shutdown`, flushes and stops the timers; spans may still be started afterwards.
   *
   * @param timeoutMs Most that it may take (ms). @default the option `shutdownTimeoutMs`
   */
  async shutdown(timeoutMs: number = this.configuration.shutdownTimeoutMs): Promise<FlushReport> {
    const { timeouts, openSpans } = this.#environment;
    for (const span of openSpans.newestFirst()) span.setTag("shutdown", true).finish();
    timeouts.stop();
    const report = await flushSpans(this.#environment, timeoutMs);
    const health = this.health();
    const { created, exported, dropped, buffered } = health.totals;
    this.diagnostics.info(
      `Shut down: ${created} spans created, ${exported} exported, ${dropped} dropped, ${buffered} waiting.`,
    );
    this.#audit?.ended(health);
    return report;
  }
}
