import type { TraceStateMember } from "../codecs/trace-state.ts";

/** Another trace that a trace is related to without being its child. */
export interface SpanContextLink {
  /** The span that is linked to. */
  readonly context: SpanContext;
  /** `reason` and `context_headers`, as Datadog's tracers set them. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * What crosses a boundary: the position in a trace, the decisions taken about it and the baggage.
 *
 * Contexts made by this package are frozen throughout. A context whose `traceIdHex` is all zero continues no
 * trace (see {@link hasTraceId}): it carries only what came without one, such as a sampling decision (`b3: 0`),
 * baggage, or the links left by the behavior `restart`.
 */
export interface SpanContext {
  /** The lower 64 bits of the trace id as an unsigned decimal; `"0"` also when no trace is continued. */
  readonly traceId: string;
  /** The whole trace id as 32 lower-case hexadecimal digits; the first 16 are zero for a 64-bit id, all when none. */
  readonly traceIdHex: string;
  /** The span the next one is a child of, as an unsigned decimal. */
  readonly spanId: string;
  /** The parent of `spanId`, as an unsigned decimal; only B3 carries it. */
  readonly parentId?: string;
  /** Datadog's sampling decision: -1 and 0 drop, 1 and 2 keep; absent when nobody has decided. */
  readonly samplingPriority?: number;
  /** The probability, 0 to 1, of a decision taken in this process; becomes the `ot=` member of tracestate. */
  readonly samplingRate?: number;
  /** Where the trace began, for example `synthetics` or `rum`. */
  readonly origin?: string;
  /** Propagated trace tags: `_dd.p.*`, `_dd.parent_id`, `_dd.propagation_error` and `baggage.*`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Application data that travels with the trace. */
  readonly baggage?: Readonly<Record<string, string>>;
  /** Traces that lost against this one, and the reason. */
  readonly links?: readonly SpanContextLink[];
  /** The members of the tracestate header, in the order received. */
  readonly traceState?: readonly TraceStateMember[];
  /** Whether the trace id's last 56 bits are random (the `02` flag of Trace Context level 2). */
  readonly randomTraceId?: boolean;
  /** Whether the context came from a carrier; a child's is `false`. */
  readonly isRemote?: boolean;
}

/** A context while it is being put together. */
export type SpanContextDraft = {
  -readonly [Key in keyof Omit<SpanContext, "tags">]: SpanContext[Key];
} & { tags?: Record<string, string> };

export const zeroTraceIdHex = "00000000000000000000000000000000";

/** A draft that continues no trace. */
export function draftWithoutTrace(): SpanContextDraft {
  return { traceId: "0", traceIdHex: zeroTraceIdHex, spanId: "0", isRemote: true };
}

/**
 * Tells whether a context continues a trace, or only carries a decision, baggage or links for a new one.
 *
 * @example
 * ```ts
 * const parent = propagator.extract(headers);
 * const isContinued = parent !== null && hasTraceId(parent);
 * ```
 */
export function hasTraceId(context: SpanContext): boolean {
  return context.traceId !== "0" || context.traceIdHex !== zeroTraceIdHex;
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** Freezes a finished draft and everything in it. */
export function sealContext(draft: SpanContextDraft): SpanContext {
  if (draft.tags !== undefined) {
    if (isEmpty(draft.tags)) delete draft.tags;
    else Object.freeze(draft.tags);
  }
  if (draft.baggage !== undefined) Object.freeze(draft.baggage);
  if (draft.traceState !== undefined) Object.freeze(draft.traceState);
  if (draft.links !== undefined) {
    for (const link of draft.links) {
      if (link.attributes !== undefined) Object.freeze(link.attributes);
      Object.freeze(link);
    }
    Object.freeze(draft.links);
  }
  return Object.freeze(draft);
}
