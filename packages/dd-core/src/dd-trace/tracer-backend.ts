import type { SpanContext } from "@llmdevops/dd-propagation";
import type { LLMObservabilitySpanOptions } from "../span/span.ts";
import type { LinkReport } from "./link-report.ts";
import type { LLMObservabilitySDK } from "./llmobs-sdk.ts";

/** A span of the tracer underneath; dd-trace's span satisfies it by shape. */
export interface BackendSpan {
  /** Sets one tag, which has passed the guard. */
  setTag(key: string, value: unknown): unknown;
  /** Sets several tags, which have passed the guard. */
  addTags(tags: Record<string, unknown>): unknown;
  /** The identity of the span; the same object at every call. */
  context(): BackendContext;
  /** Ends the span. @param finishTime When it ended (ms since the epoch). @default now */
  finish(finishTime?: number): void;
}

/** A span's identity in the tracer underneath. */
export interface BackendContext {
  /** The trace id. @param as128Bit `true` for 32 hexadecimal digits, otherwise the low 64 bits in decimal. */
  toTraceId(as128Bit?: boolean): string;
  /** The span id. @param asHex `true` for 16 hexadecimal digits, otherwise in decimal. */
  toSpanId(asHex?: boolean): string;
}

/** A link of the tracer underneath. */
export interface BackendLink {
  /** The span that is linked to. */
  readonly context: BackendContext;
  /** What the two have to do with each other; guarded. */
  readonly attributes: Record<string, unknown>;
}

/** Runs a function in the asynchronous context that was captured when an LLM Observability span started. */
export type CapturedScope = <T>(fn: () => T) => T;

/** How a span is started, in dd-trace's own words; every value has passed the guard. */
export interface BackendSpanOptions {
  /** The parent; `undefined` for the first span of a trace. */
  readonly childOf: BackendSpan | BackendContext | undefined;
  /**
   * Tags from the start; where given, `service.name`, `resource.name`, `span.type` and `span.kind` among them. The
   * object is the backend's from then on.
   */
  tags: Record<string, unknown> | undefined;
  /** When it started (ms since the epoch); `undefined` for now. */
  readonly startTime: number | undefined;
  /** Links from the start; `undefined` where there are none. */
  readonly links: readonly BackendLink[] | undefined;
}

/** What an LLM Observability span is told; every field has passed the guard. */
export type BackendAnnotation = Readonly<Record<string, unknown>>;

/** The one seam to the tracer underneath: dd-trace, or nothing when tracing is off. */
export interface TracerBackend {
  /** Whether spans are recorded in LLM Observability too. */
  readonly llmobsEnabled: boolean;
  /**
   * Starts a span, which is not made the active one.
   *
   * @param hasManyTags Whether many more tags than those of a usual span are to be expected.
   * @param isDescribed Whether its tags only describe it: none names its service, says that it has failed, or decides
   *   about its trace.
   */
  startSpan(
    name: string,
    options: BackendSpanOptions,
    hasManyTags: boolean,
    isDescribed: boolean,
  ): BackendSpan;
  /**
   * Starts a span that is to appear in LLM Observability too; called where that is on.
   *
   * @param observation How it appears there.
   * @param parentScope The captured scope of the nearest ancestor that appears there.
   */
  startObservedSpan(
    name: string,
    options: BackendSpanOptions,
    observation: LLMObservabilitySpanOptions,
    parentScope: CapturedScope | undefined,
  ): {
    /** The span, which is not made the active one. */
    readonly span: BackendSpan;
    /** The scope that spans below it are started in: its own, or that of its parent where it does not appear. */
    readonly scope: CapturedScope | undefined;
  };
  /** The span that the running code belongs to. */
  activeSpan(): BackendSpan | undefined;
  /** Runs `fn` with the span as the active one; what `fn` throws is thrown on and not put on the span. */
  activate<A, T>(span: BackendSpan, fn: (argument: A) => T, argument: A): T;
  /** A tag as it stands on the span; `undefined` where there is none. */
  readTag(span: BackendSpan, key: string): unknown;
  /** Notes an event, guarded. Its time is in ms since the epoch; `undefined` for now. */
  addEvent(
    span: BackendSpan,
    name: string,
    attributes: Record<string, unknown>,
    time: number | undefined,
  ): void;
  /** Adds a link to a span that has started. */
  addLink(span: BackendSpan, link: BackendLink): void;
  /** Sets one item of baggage, guarded, which travels with what is injected from now on. */
  setBaggageItem(span: BackendSpan, key: string, value: string): void;
  /** Takes over a decision that came without a trace. */
  setSamplingPriority(span: BackendSpan, priority: number): void;
  /** Returns propagation headers; `scope` carries the LLM Observability parent with them. */
  inject(
    target: BackendSpan | BackendContext,
    scope: CapturedScope | undefined,
  ): Record<string, string>;
  /** Reads a context from propagation headers, whose names are in lower case; `undefined` where there is none. */
  extract(headers: Record<string, string>): BackendContext | undefined;
  /**
   * The context of the tracer for one from another process, where it can be had without headers.
   *
   * @param effects Whether the baggage of the context becomes that of the running code.
   */
  remoteContext?(context: SpanContext, effects: "baggage" | "none"): BackendContext | undefined;
  /** The decision about a context's trace as it stands; cheap, for comparing. */
  samplingDecision(context: BackendContext): SamplingDecision;
  /** Describes a context for people and other processes. */
  describe(context: BackendContext): BackendContextDescription;
  /** May throw where dd-trace refuses the value; the caller counts it. */
  annotate(span: BackendSpan, annotation: BackendAnnotation): void;
  /** dd-trace's own SDK for what has no span; absent or `undefined` where LLM Observability is off. */
  llmobsSdk?(): LLMObservabilitySDK | undefined;
  /** Hands everything finished to the Agent; `true` when all of it has been accepted in time. */
  flush(timeoutMs: number): Promise<boolean>;
  /** How the delivery to the Agent stands; `undefined` where there is none of ours. */
  linkHealth(): LinkReport | undefined;
}

/** Whether a trace is kept, and who has decided; both change when somebody decides otherwise. */
export interface SamplingDecision {
  /** Datadog's priority: -1 and 0 drop the trace, 1 and 2 keep it; `undefined` while nobody has decided. */
  readonly priority: unknown;
  /** The number of Datadog's mechanism (`_dd.p.dm` without its minus); `undefined` where it is not known. */
  readonly mechanism: unknown;
}

/** The parts of a context that dd-trace does not type. */
export interface BackendContextDescription {
  /** Datadog's priority: -1 and 0 drop the trace, 1 and 2 keep it; `undefined` while nobody has decided. */
  readonly samplingPriority: number | undefined;
  /** The probability by which this process has decided, 0 to 1. */
  readonly samplingRate: number | undefined;
  /** Where the trace comes from, such as `synthetics`; `undefined` for traffic of users. */
  readonly origin: string | undefined;
  /** Tags that travel with the trace (`_dd.p.*`). */
  readonly tags: Readonly<Record<string, string>>;
  /** Application data that travels with the trace. */
  readonly baggage: Readonly<Record<string, string>>;
}
