import type { ReceivedSpan } from "../agent/traces/received-span.ts";
import type { MockSpan } from "../mock/mock-span.ts";

/** A span as assertions see it, whether a mock client recorded it or an Agent received it. */
export interface ObservedSpan {
  readonly name: string;
  readonly service: string;
  readonly resource: string;
  readonly type: string;
  readonly traceIdHex: string;
  readonly spanId: string;
  readonly parentId: string;
  /** Milliseconds since the Unix epoch. */
  readonly startTime: number;
  readonly durationMs: number;
  readonly error: boolean;
  /** `meta` and `metrics` of a received span together. */
  readonly tags: Readonly<Record<string, unknown>>;
  /** Everything the span holds, to be searched for secrets. */
  readonly whole: unknown;
}

/**
 * What assertions take: a mock client or exporter, a test agent, or the spans of one of them.
 */
export type SpanSource =
  | {
      /** The spans of a mock client or exporter. */
      getSpans(): readonly MockSpan[];
    }
  | {
      /** The spans that a test agent has received. */
      spans(): readonly ReceivedSpan[];
    }
  | {
      /** The spans of a trace or of a capture. */
      readonly spans: readonly ReceivedSpan[];
    }
  | readonly (MockSpan | ReceivedSpan)[]
  | MockSpan
  | ReceivedSpan;

/**
 * The spans of a source, in its order.
 *
 * @throws TypeError for something that has no spans: an assertion about it would prove nothing.
 */
export function observedSpans(source: SpanSource): ObservedSpan[] {
  return rawSpans(source).map(toObserved);
}

function rawSpans(source: unknown): readonly (MockSpan | ReceivedSpan)[] {
  if (Array.isArray(source)) return source;
  if (typeof source === "object" && source !== null) {
    const { getSpans, spans, spanId } = source as Record<string, unknown>;
    if (typeof getSpans === "function") return getSpans.call(source);
    if (typeof spans === "function") return spans.call(source);
    if (Array.isArray(spans)) return spans;
    if (typeof spanId === "string") return [source as MockSpan];
  }
  throw new TypeError("expected a mock client, a test agent, a span or an array of spans");
}

function toObserved(span: MockSpan | ReceivedSpan): ObservedSpan {
  if (typeof span !== "object" || span === null || typeof span.name !== "string") {
    throw new TypeError("expected spans of a mock client or a test agent");
  }
  const { name, service, resource, type, traceIdHex, spanId, parentId, durationMs } = span;
  const own = { name, service, resource, type, traceIdHex, spanId, parentId, durationMs };
  if ("meta" in span) {
    return {
      ...own,
      startTime: Number(span.start) / 1e6,
      error: span.error !== 0,
      tags: { ...span.meta, ...span.metrics },
      whole: span,
    };
  }
  return { ...own, startTime: span.startTime, error: span.error, tags: span.tags, whole: span };
}
