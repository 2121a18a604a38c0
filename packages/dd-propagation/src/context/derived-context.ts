import { lastParentIdTag, resetDecisionMaker } from "../codecs/datadog-member.ts";
import { withoutThreshold } from "../codecs/opentelemetry-member.ts";
import { decisionMakerTag, upperTraceIdTag } from "../codecs/propagated-tags.ts";
import { generateSpanId, generateTraceId } from "../identifiers/generate-identifier.ts";
import { decimalOfHex, traceIdUpperHex } from "../identifiers/identifier.ts";
import { isKeptAtRate } from "../sampling/trace-id-sampling.ts";
import {
  hasTraceId,
  type SpanContext,
  type SpanContextDraft,
  sealContext,
} from "./span-context.ts";

/** How {@link createRootContext} makes the ids. */
export interface RootContextOptions {
  /** Whether the upper half of the trace id is used. @default 128 */
  readonly traceIdBits?: 64 | 128;
  /** Baggage the new trace starts with. @default none */
  readonly baggage?: Readonly<Record<string, string>>;
}

/** A decision about a trace, for {@link withSamplingDecision}. */
export interface SamplingDecision {
  /** -1 and 0 drop, 1 and 2 keep. */
  readonly priority: number;
  /** Datadog's number of the mechanism that decided, for example 3 for a rule, 4 for the user. @default 0 */
  readonly mechanism?: number;
  /** The probability the decision was taken with, 0 to 1. @default not a probabilistic decision */
  readonly rate?: number;
}

/**
 * Starts a trace where no tracer does, for example in a gateway.
 *
 * @example
 * ```ts
 * propagator.inject(createRootContext(), headers);
 * ```
 */
export function createRootContext(options: RootContextOptions = {}): SpanContext {
  const traceIdHex = generateTraceId(options.traceIdBits ?? 128);
  const upper = traceIdUpperHex(traceIdHex);
  const draft: SpanContextDraft = {
    traceId: decimalOfHex(traceIdHex.slice(16)),
    traceIdHex,
    spanId: decimalOfHex(generateSpanId()),
    randomTraceId: true,
    isRemote: false,
  };
  if (upper !== undefined) draft.tags = { [upperTraceIdTag]: upper };
  if (options.baggage !== undefined) draft.baggage = { ...options.baggage };
  return sealContext(draft);
}

/**
 * Makes the context of a span below another one; a parent without a trace gives a new trace with its decision,
 * its baggage and its links.
 *
 * @example
 * ```ts
 * const parent = propagator.extract(request.headers);
 * propagator.inject(createChildContext(parent), outgoingHeaders);
 * ```
 */
export function createChildContext(parent: SpanContext | null): SpanContext {
  if (parent === null) return createRootContext();
  if (!hasTraceId(parent)) {
    const { traceId, traceIdHex, spanId, tags, randomTraceId, isRemote } = createRootContext();
    const root = { ...parent, traceId, traceIdHex, spanId, randomTraceId, isRemote };
    return sealContext({ ...root, tags: { ...parent.tags, ...tags } } as SpanContextDraft);
  }
  const child: SpanContextDraft = {
    ...parent,
    spanId: decimalOfHex(generateSpanId()),
    isRemote: false,
  };
  if (parent.spanId === "0") delete child.parentId;
  else child.parentId = parent.spanId;
  // Both belong to the first span below the boundary, not to those after it.
  delete child.links;
  if (parent.tags?.[lastParentIdTag] !== undefined) {
    const { [lastParentIdTag]: _, ...tags } = parent.tags;
    child.tags = tags;
  }
  return sealContext(child);
}

/**
 * Gives a context another sampling decision, with the decision maker that belongs to it.
 *
 * @example
 * ```ts
 * const kept = withSamplingDecision(context, { priority: 2, mechanism: 4 });
 * ```
 */
export function withSamplingDecision(
  context: SpanContext,
  decision: SamplingDecision,
): SpanContext {
  const draft: SpanContextDraft = { ...context, samplingPriority: decision.priority };
  const tags: Record<string, string> = { ...context.tags };
  const isSame = (context.samplingPriority ?? 0) > 0 === decision.priority > 0;
  if (decision.mechanism !== undefined && decision.priority > 0) {
    tags[decisionMakerTag] = `-${decision.mechanism}`;
  } else if (!isSame || tags[decisionMakerTag] === undefined) {
    resetDecisionMaker(tags, decision.priority);
  }
  draft.tags = tags;
  if (decision.rate !== undefined) {
    draft.samplingRate = decision.rate;
  } else {
    delete draft.samplingRate;
    if (context.traceState !== undefined) draft.traceState = withoutThreshold(context.traceState);
  }
  return sealContext(draft);
}

/**
 * Decides about a trace by its id, so that every service of it decides alike; a decision that the context
 * already carries is kept.
 *
 * @param rate The share of traces kept, 0 to 1.
 * @example
 * ```ts
 * const decided = sampleByTraceId(createRootContext(), 0.1);
 * ```
 */
export function sampleByTraceId(context: SpanContext, rate: number): SpanContext {
  if (context.samplingPriority !== undefined) return context;
  const priority = isKeptAtRate(context.traceIdHex, rate) ? 2 : -1;
  return withSamplingDecision(context, { priority, mechanism: 3, rate });
}
