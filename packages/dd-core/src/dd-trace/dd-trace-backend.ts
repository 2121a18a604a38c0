import { AsyncLocalStorage } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";
import type { SpanContext as RemoteSpanContext } from "@llmdevops/dd-propagation";
import type { Span, SpanContext, Tracer } from "dd-trace";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { LLMObservabilitySpanOptions } from "../span/span.ts";
import { ActiveStore } from "./active-store.ts";
import type { AgentLinkSeam } from "./agent-link-seam.ts";
import { type Delivery, sharedDelivery } from "./delivery.ts";
import { type LinkReport, withSampledOut } from "./link-report.ts";
import type { LLMObservabilitySDK } from "./llmobs-sdk.ts";
import { LLMObservabilitySpans, type StartedSpan } from "./llmobs-spans.ts";
import { RemoteContexts } from "./remote-contexts.ts";
import { SpanStarter } from "./span-starter.ts";
import type {
  BackendAnnotation,
  BackendContext,
  BackendContextDescription,
  BackendLink,
  BackendSpan,
  BackendSpanOptions,
  CapturedScope,
  SamplingDecision,
  TracerBackend,
} from "./tracer-backend.ts";
import {
  addSpanEvent,
  decideSampling,
  describeContext,
  flushTraces,
  presetSamplingPriority,
  readPath,
  readSpanTag,
  samplingDecisionOf,
} from "./untyped.ts";

/** Whoever listens there adds tags to the headers. */
const injections = channel("dd-trace:span:inject");

interface BackendSettings {
  /** Whether somebody else has set dd-trace up. */
  readonly isAdopted: boolean;
  /** Whether LLM Observability can be on. */
  readonly mayObserve: boolean;
}

/** The tracer backend on dd-trace 6. */
export class DdTraceBackend implements TracerBackend {
  readonly llmobsEnabled: boolean;
  readonly #tracer: Tracer;
  readonly #starter: SpanStarter;
  /** `undefined` where LLM Observability is off. */
  readonly #observed: LLMObservabilitySpans | undefined;
  readonly #seam: AgentLinkSeam | undefined;
  readonly #activeStore: ActiveStore | undefined;
  readonly #isAdopted: boolean;
  #remoteContexts: RemoteContexts | "unknown" | undefined = "unknown";
  /** Follows dd-trace's own requests where there is no link. */
  readonly #delivery: Delivery | undefined;

  constructor(
    tracer: Tracer,
    diagnostics: Diagnostics,
    seam: AgentLinkSeam | undefined,
    { isAdopted, mayObserve }: BackendSettings,
  ) {
    this.#activeStore = ActiveStore.of(tracer);
    this.#isAdopted = isAdopted;
    this.#tracer = tracer;
    this.#starter = new SpanStarter(tracer);
    this.#seam = seam;
    this.#delivery = seam === undefined ? sharedDelivery() : undefined;
    // Asking dd-trace would load what is for LLM Observability.
    this.llmobsEnabled = mayObserve && readPath(tracer, "llmobs", "enabled") === true;
    this.#observed = this.llmobsEnabled
      ? new LLMObservabilitySpans(tracer, this.#starter, diagnostics)
      : undefined;
  }

  startSpan(
    name: string,
    options: BackendSpanOptions,
    hasManyTags: boolean,
    isDescribed: boolean,
  ): BackendSpan {
    if (isDescribed) return this.#starter.startDescribed(name, options, hasManyTags);
    const service = options.tags?.["service.name"];
    const span = hasManyTags
      ? this.#starter.startWithRoom(name, options)
      : this.#starter.start(name, options);
    if (service !== undefined) renameService(span, service);
    return span;
  }

  startObservedSpan(
    name: string,
    options: BackendSpanOptions,
    observation: LLMObservabilitySpanOptions,
    parentScope: CapturedScope | undefined,
  ): StartedSpan {
    const service = options.tags?.["service.name"];
    const started = this.#observed?.start(name, options, observation, parentScope) ?? {
      span: this.#starter.startWithRoom(name, options),
      scope: parentScope,
    };
    if (service !== undefined) renameService(started.span, service);
    return started;
  }

  activeSpan(): BackendSpan | undefined {
    if (this.#activeStore !== undefined) return this.#activeStore.active();
    return this.#tracer.scope().active() ?? undefined;
  }

  activate<A, T>(span: BackendSpan, fn: (argument: A) => T, argument: A): T {
    if (this.#activeStore !== undefined) return this.#activeStore.activate(span, fn, argument);
    // dd-trace puts a thrown error on the span as it is, past the tag guard, so it must not see one.
    let thrown: { readonly error: unknown } | undefined;
    const result = this.#tracer.scope().activate(span as Span, () => {
      try {
        return fn(argument);
      } catch (error) {
        thrown = { error };
        return undefined;
      }
    });
    if (thrown !== undefined) throw thrown.error;
    return result as T;
  }

  readTag(span: BackendSpan, key: string): unknown {
    return readSpanTag(span, key);
  }

  addEvent(
    span: BackendSpan,
    name: string,
    attributes: Record<string, unknown>,
    time: number | undefined,
  ): void {
    addSpanEvent(span, name, attributes, time);
  }

  addLink(span: BackendSpan, link: BackendLink): void {
    (span as Span).addLink(link as { context: SpanContext; attributes: object });
  }

  setBaggageItem(span: BackendSpan, key: string, value: string): void {
    (span as Span).setBaggageItem(key, value);
  }

  setSamplingPriority(span: BackendSpan, priority: number): void {
    presetSamplingPriority(span.context(), priority);
  }

  inject(
    target: BackendSpan | BackendContext,
    scope: CapturedScope | undefined,
  ): Record<string, string> {
    const headers: Record<string, string> = {};
    // Only LLM Observability adds something to what can be read from the context.
    if (!injections.hasSubscribers && decideSampling(this.#tracer, contextOf(target)))
      return headers;
    const write = () => this.#tracer.inject(target as Span | SpanContext, "http_headers", headers);
    if (scope === undefined) write();
    else scope(write);
    return headers;
  }

  extract(headers: Record<string, string>): BackendContext | undefined {
    return this.#tracer.extract("http_headers", headers) ?? undefined;
  }

  remoteContext(
    context: RemoteSpanContext,
    effects: "baggage" | "none",
  ): BackendContext | undefined {
    if (effects === "baggage" && !isEmpty(context.baggage)) return undefined;
    if (this.#remoteContexts === "unknown") {
      // What dd-trace reads for that must not become the baggage of the running code.
      const read = () => RemoteContexts.of(this.#tracer, this.#isAdopted);
      this.#remoteContexts = AsyncLocalStorage.snapshot()(read);
    }
    const made = this.#remoteContexts?.make(context);
    // As reading a context without baggage does.
    if (made !== undefined && effects === "baggage") this.#tracer.removeAllBaggageItems();
    return made;
  }

  samplingDecision(context: BackendContext): SamplingDecision {
    return samplingDecisionOf(context);
  }

  describe(context: BackendContext): BackendContextDescription {
    return describeContext(context);
  }

  annotate(span: BackendSpan, annotation: BackendAnnotation): void {
    this.#observed?.annotate(span, annotation);
  }

  llmobsSdk(): LLMObservabilitySDK | undefined {
    return this.llmobsEnabled ? this.#tracer.llmobs : undefined;
  }

  async flush(timeoutMs: number): Promise<boolean> {
    if (this.#delivery === undefined) return this.#flushLink(timeoutMs);
    const delivery = this.#delivery;
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
      timer.unref();
    });
    let isTraceFlushKnown = true;
    const sent = delivery.send(() => {
      isTraceFlushKnown = flushTraces(this.#tracer);
      if (this.llmobsEnabled) this.#tracer.llmobs.flush();
    });
    try {
      return (await Promise.race([sent, timedOut])) && isTraceFlushKnown;
    } finally {
      clearTimeout(timer);
    }
  }

  linkHealth(): LinkReport | undefined {
    if (this.#seam === undefined) return undefined;
    const { link, pending, sampledOut } = this.#seam;
    const counts = withSampledOut(link.counts(), sampledOut());
    return { ...link.health(), ...counts, encoding: pending() };
  }

  async #flushLink(timeoutMs: number): Promise<boolean> {
    if (this.#seam === undefined) return false;
    const { link, drainInPace } = this.#seam;
    const end = performance.now() + timeoutMs;
    const moved = drainInPace(timeoutMs);
    const before = link.counts();
    const first = link.flush(timeoutMs);
    const isMoved = await moved;
    // What had to wait for its turn has come to the link since.
    const isSettled = (await first) && (await link.flush(Math.max(0, end - performance.now())));
    const after = link.counts();
    const isLess =
      after.unconfirmed > before.unconfirmed ||
      after.spooled > before.spooled ||
      total(after.dropped) > total(before.dropped);
    return isMoved && isSettled && !isLess;
  }
}

/** dd-trace's own tag would go on naming the tracer's service, which sampling rules look at first. */
function renameService(span: BackendSpan, service: unknown): void {
  span.setTag("service", service);
}

function contextOf(target: BackendSpan | BackendContext): BackendContext {
  return "context" in target ? target.context() : target;
}

function isEmpty(record: object | undefined): boolean {
  for (const _ in record) return false;
  return true;
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
