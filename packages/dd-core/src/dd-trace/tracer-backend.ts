import type { SpanContext } from "@llmdevops/dd-propagation";
import type { LLMObservabilitySpanOptions } from "../span/span.ts";
import type { LinkReport } from "./link-report.ts";
import type { LLMObservabilitySDK } from "./llmobs-sdk.ts";

/** A span of the tracer underneath; dd-trace's span satisfies it by shape. */
export interface BackendSpan {
  setTag(key: string, value: unknown): unknown;
  addTags(tags: Record<string, unknown>): unknown;
  context(): BackendContext;
  finish(finishTime?: number): void;
}

/** A span's identity in the tracer underneath. */
export interface BackendContext {
  /** @param as128Bit `true` for 32 hexadecimal digits, otherwise the low 64 bits in decimal. */
  toTraceId(as128Bit?: boolean): string;
  toSpanId(): string;
}

/** A link of the tracer underneath. */
export interface BackendLink {
  readonly context: BackendContext;
  readonly attributes: Record<string, unknown>;
}

/** Runs a function in the asynchronous context that was captured when an LLM Observability span started. */
export type CapturedScope = <T>(fn: () => T) => T;

/** What is needed to start a span; every value has passed the guard. */
export interface BackendSpanRequest {
  readonly name: string;
  readonly parent: BackendSpan | BackendContext | undefined;
  readonly tags: Record<string, unknown>;
  readonly startTime: number | undefined;
  readonly links: readonly BackendLink[];
  readonly llmobs: LLMObservabilitySpanOptions | undefined;
  /** The captured scope of the nearest LLM Observability ancestor. */
  readonly parentScope: CapturedScope | undefined;
}

/** What an LLM Observability span is told; every field has passed the guard. */
export type BackendAnnotation = Readonly<Record<string, unknown>>;

/** The one seam to the tracer underneath: dd-trace, or nothing when tracing is off. */
export interface TracerBackend {
  /** Whether spans are recorded in LLM Observability too. */
  readonly llmobsEnabled: boolean;
  startSpan(request: BackendSpanRequest): { span: BackendSpan; scope: CapturedScope | undefined };
  activeSpan(): BackendSpan | undefined;
  activate<T>(span: BackendSpan, fn: () => T): T;
  readTag(span: BackendSpan, key: string): unknown;
  addEvent(
    span: BackendSpan,
    name: string,
    attributes: Record<string, unknown>,
    time: number | undefined,
  ): void;
  addLink(span: BackendSpan, link: BackendLink): void;
  setBaggageItem(span: BackendSpan, key: string, value: string): void;
  /** Takes over a decision that came without a trace. */
  setSamplingPriority(span: BackendSpan, priority: number): void;
  /** Returns propagation headers; `scope` carries the LLM Observability parent with them. */
  inject(
    target: BackendSpan | BackendContext,
    scope: CapturedScope | undefined,
  ): Record<string, string>;
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
  readonly priority: unknown;
  readonly mechanism: unknown;
}

/** The parts of a context that dd-trace does not type. */
export interface BackendContextDescription {
  readonly samplingPriority: number | undefined;
  /** The probability by which this process has decided, 0 to 1. */
  readonly samplingRate: number | undefined;
  readonly origin: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly baggage: Readonly<Record<string, string>>;
}
