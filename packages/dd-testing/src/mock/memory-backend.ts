import { AsyncLocalStorage } from "node:async_hooks";
import type { Configuration, LLMObservabilitySpanOptions } from "@llmdevops/dd-core";
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
} from "@llmdevops/dd-core/backend";
import {
  createPropagator,
  createRootContext,
  generateSpanId,
  hexToDecimal,
  type Propagator,
  type SpanContext,
  sampleByTraceId,
} from "@llmdevops/dd-propagation";
import { type LocalTrace, MemoryContext } from "./memory-context.ts";
import { MemoryObservation, type ObservationParent } from "./memory-observation.ts";
import { MemorySpan } from "./memory-span.ts";
import type { Clock } from "./test-clock.ts";

/** What the tracer in memory tells of its spans. */
export interface MemorySpanListener {
  spanStarted(span: MemorySpan): void;
  spanFinished(span: MemorySpan): void;
}

/** A tracer that keeps its spans in this process: real ids, real sampling, no network and no dd-trace. */
export class MemoryBackend implements TracerBackend {
  readonly llmobsEnabled: boolean;
  readonly #configuration: Configuration;
  readonly #clock: Clock;
  readonly #listener: MemorySpanListener;
  readonly #active = new AsyncLocalStorage<BackendSpan>();
  readonly #scopes = new WeakMap<CapturedScope, MemoryObservation>();
  readonly #reader: Propagator = createPropagator({
    extract: ["datadog", "tracecontext", "baggage"],
    env: {},
  });

  constructor(configuration: Configuration, clock: Clock, listener: MemorySpanListener) {
    this.#configuration = configuration;
    this.#clock = clock;
    this.#listener = listener;
    this.llmobsEnabled = configuration.llmobs.enabled;
  }

  startSpan(name: string, options: BackendSpanOptions): BackendSpan {
    return this.#start(name, options);
  }

  startObservedSpan(
    name: string,
    options: BackendSpanOptions,
    observed: LLMObservabilitySpanOptions,
    parentScope: CapturedScope | undefined,
  ): { span: BackendSpan; scope: CapturedScope } {
    const scope: CapturedScope = (fn) => fn();
    const span = this.#start(name, options, (context) => {
      const observation = new MemoryObservation(
        observed,
        { name, spanId: context.spanId, mlApp: this.#configuration.llmobs.mlApp },
        this.#observationParent(parentScope, context),
        () => createRootContext().traceIdHex,
      );
      this.#scopes.set(scope, observation);
      return observation;
    });
    return { span, scope };
  }

  activeSpan(): BackendSpan | undefined {
    return this.#active.getStore();
  }

  activate<A, T>(span: BackendSpan, fn: (argument: A) => T, argument: A): T {
    return this.#active.run(span, fn, argument);
  }

  readTag(span: BackendSpan, key: string): unknown {
    return span instanceof MemorySpan ? span.tag(key) : undefined;
  }

  addEvent(
    span: BackendSpan,
    name: string,
    attributes: Record<string, unknown>,
    time: number | undefined,
  ): void {
    if (span instanceof MemorySpan) span.addEvent(name, attributes, time);
  }

  addLink(span: BackendSpan, link: BackendLink): void {
    if (span instanceof MemorySpan) span.addLink(link);
  }

  setBaggageItem(span: BackendSpan, key: string, value: string): void {
    const context = memoryContext(span);
    if (context !== undefined) context.baggage[key] = value;
  }

  setSamplingPriority(span: BackendSpan, priority: number): void {
    const context = memoryContext(span);
    if (context !== undefined) context.trace.priority = priority;
  }

  inject(
    target: BackendSpan | BackendContext,
    scope: CapturedScope | undefined,
  ): Record<string, string> {
    const context = memoryContext(target);
    if (context === undefined) return {};
    this.#decide(context, target instanceof MemorySpan ? target : undefined);
    if (!this.llmobsEnabled) return {};
    const parent = this.#observationParent(scope, context);
    const pairs = {
      "_dd.p.llmobs_ml_app": parent?.mlApp ?? this.#configuration.llmobs.mlApp,
      "_dd.p.llmobs_parent_id": parent?.spanId,
      "_dd.p.llmobs_trace_id": parent?.traceId,
      "_dd.p.llmobs_session_id": parent?.sessionId,
    };
    const known = Object.entries(pairs).filter(([, value]) => value !== undefined);
    return { "x-datadog-tags": known.map((pair) => pair.join("=")).join(",") };
  }

  extract(headers: Record<string, string>): BackendContext | undefined {
    const context = this.#reader.extract(headers);
    return context === null ? undefined : fromSpanContext(context);
  }

  samplingDecision(context: BackendContext): SamplingDecision {
    const trace = memoryContext(context)?.trace;
    return { priority: trace?.priority, mechanism: trace?.tags["_dd.p.dm"] };
  }

  describe(context: BackendContext): BackendContextDescription {
    const { trace, baggage } = memoryContext(context) ?? rootContext();
    return {
      samplingPriority: trace.priority,
      samplingRate: trace.rate,
      origin: trace.origin,
      tags: { ...trace.tags },
      baggage: { ...baggage },
    };
  }

  annotate(span: BackendSpan, annotation: BackendAnnotation): void {
    if (span instanceof MemorySpan) span.observation?.annotate(annotation);
  }

  async flush(): Promise<boolean> {
    return true;
  }

  linkHealth(): undefined {
    return undefined;
  }

  #start(
    name: string,
    options: BackendSpanOptions,
    observe?: (context: MemoryContext) => MemoryObservation,
  ): MemorySpan {
    const { childOf, startTime, links = [], tags: given } = options;
    const parent = memoryContext(childOf);
    const context = parent === undefined ? rootContext() : childContext(parent);
    const { service, env, version, tags } = this.#configuration;
    const identity = {
      ...(env === undefined ? {} : { env }),
      ...(version === undefined ? {} : { version }),
    };
    const span = new MemorySpan(
      {
        name,
        parentId: parent?.spanId ?? "0",
        startTime: startTime ?? this.#clock.now(),
        service,
        context,
        observation: observe?.(context),
        clock: this.#clock,
        onFinish: (ended) => this.#finish(ended),
      },
      { ...identity, ...tags, ...given },
    );
    for (const link of links) span.addLink(link);
    this.#listener.spanStarted(span);
    return span;
  }

  #finish(span: MemorySpan): void {
    this.#decide(span.context(), span);
    this.#listener.spanFinished(span);
  }

  /** Decides once for the whole trace, as dd-trace does when it injects or sends. */
  #decide({ trace, ...ids }: MemoryContext, span: MemorySpan | undefined): void {
    if (span?.tag("manual.keep") === true) {
      trace.priority = 2;
      trace.tags["_dd.p.dm"] = "-4";
      return;
    }
    if (trace.priority !== undefined) return;
    const { sampleRate } = this.#configuration;
    const decided = sampleByTraceId(
      { traceId: ids.traceId, traceIdHex: ids.traceIdHex, spanId: ids.spanId },
      sampleRate,
    );
    trace.priority = decided.samplingPriority ?? 1;
    trace.rate = sampleRate;
    const maker = decided.tags?.["_dd.p.dm"];
    if (maker !== undefined) trace.tags["_dd.p.dm"] = maker;
  }

  #observationParent(
    scope: CapturedScope | undefined,
    context: MemoryContext,
  ): ObservationParent | undefined {
    const local = scope === undefined ? undefined : this.#scopes.get(scope);
    if (local !== undefined) return local;
    const { tags } = context.trace;
    const spanId = tags["_dd.p.llmobs_parent_id"];
    const traceId = tags["_dd.p.llmobs_trace_id"];
    if (spanId === undefined || traceId === undefined) return undefined;
    return {
      spanId,
      traceId,
      mlApp: tags["_dd.p.llmobs_ml_app"],
      sessionId: tags["_dd.p.llmobs_session_id"],
    };
  }
}

function memoryContext(
  target: BackendSpan | BackendContext | undefined,
): MemoryContext | undefined {
  if (target instanceof MemoryContext) return target;
  return target instanceof MemorySpan ? target.context() : undefined;
}

function rootContext(): MemoryContext {
  const { traceId, traceIdHex, spanId, tags } = createRootContext();
  const trace: LocalTrace = {
    priority: undefined,
    rate: undefined,
    origin: undefined,
    tags: { ...tags },
  };
  return new MemoryContext({ traceId, traceIdHex, spanId }, trace, {});
}

function childContext({ traceId, traceIdHex, trace, baggage }: MemoryContext): MemoryContext {
  const spanId = hexToDecimal(generateSpanId()) ?? "1";
  return new MemoryContext({ traceId, traceIdHex, spanId }, trace, baggage);
}

function fromSpanContext(context: SpanContext): MemoryContext {
  const tags = Object.entries(context.tags ?? {}).filter(([key]) => key.startsWith("_dd.p."));
  const trace: LocalTrace = {
    priority: context.samplingPriority,
    rate: undefined,
    origin: context.origin,
    tags: Object.fromEntries(tags),
  };
  return new MemoryContext(context, trace, context.baggage ?? {});
}
