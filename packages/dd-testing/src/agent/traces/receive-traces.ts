import { eventsFromMeta, linksFromMeta } from "./legacy-span-data.ts";
import type { ReceivedSpan } from "./received-span.ts";
import { traceIdHex } from "./trace-ids.ts";
import { TracePayloadError } from "./trace-payload-error.ts";
import type { WireSpan } from "./wire-span.ts";

/** What an accepted payload turned into. */
export interface ReceivedTraces {
  /** The spans kept, each with the size it had in the payload, in bytes. */
  readonly spans: readonly { readonly span: ReceivedSpan; readonly bytes: number }[];
  /** One reason for each trace that the Agent accepts and then throws away. */
  readonly dropped: readonly string[];
}

/**
 * Turns decoded spans into received spans by the rules that concern whole spans and whole traces.
 *
 * A span without `trace_id`, `span_id` or `name` has the whole payload refused, as dd-apm-test-agent
 * does. A trace with a zero id or with spans of another trace is dropped silently by the Agent's
 * normaliser (`pkg/trace/agent/normalizer.go`); it is dropped here too, and reported.
 *
 * @throws TracePayloadError for a span that lacks a required field.
 */
export function receiveTraces(traces: readonly (readonly WireSpan[])[]): ReceivedTraces {
  const spans: { span: ReceivedSpan; bytes: number }[] = [];
  const dropped: string[] = [];
  for (const [traceIndex, trace] of traces.entries()) {
    if (trace.length === 0) continue;
    const complete = trace.map((span, spanIndex) => requireFields(span, traceIndex, spanIndex));
    const reason = reasonToDrop(complete);
    if (reason !== undefined) {
      dropped.push(`traces[${traceIndex}]: ${reason}`);
      continue;
    }
    const high = complete.find((span) => span.meta.has("_dd.p.tid"))?.meta.get("_dd.p.tid");
    for (const span of complete)
      spans.push({ span: toReceivedSpan(span, high), bytes: span.bytes });
  }
  return { spans, dropped };
}

type CompleteSpan = WireSpan & { traceId: bigint; spanId: bigint; name: string };

function requireFields(span: WireSpan, traceIndex: number, spanIndex: number): CompleteSpan {
  const { traceId, spanId, name } = span;
  if (traceId !== undefined && spanId !== undefined && name !== undefined) {
    return { ...span, traceId, spanId, name };
  }
  const missing = traceId === undefined ? "trace_id" : spanId === undefined ? "span_id" : "name";
  throw new TracePayloadError(`traces[${traceIndex}][${spanIndex}]: ${missing} is missing`);
}

function reasonToDrop(trace: readonly CompleteSpan[]): string | undefined {
  const first = trace[0];
  for (const span of trace) {
    if (span.traceId === 0n) return "trace_id is 0";
    if (span.spanId === 0n) return `span_id of ${JSON.stringify(span.name.slice(0, 100))} is 0`;
    if (span.traceId !== first?.traceId) return "the trace holds spans of another trace_id";
  }
  return undefined;
}

function toReceivedSpan(span: CompleteSpan, high: string | undefined): ReceivedSpan {
  const spanLinks = span.spanLinks ?? linksFromMeta(span.meta.get("_dd.span_links"));
  const spanEvents = span.spanEvents ?? eventsFromMeta(span.meta.get("events"));
  return {
    traceId: span.traceId.toString(),
    traceIdHex: traceIdHex(span.traceId, high),
    spanId: span.spanId.toString(),
    parentId: span.parentId.toString(),
    name: span.name,
    service: span.service,
    resource: span.resource,
    type: span.type,
    start: span.start,
    durationMs: Number(span.duration) / 1e6,
    error: Number(span.error),
    meta: Object.fromEntries(span.meta),
    metrics: Object.fromEntries(span.metrics),
    ...(spanLinks === undefined ? {} : { spanLinks }),
    ...(spanEvents === undefined ? {} : { spanEvents }),
    ...(span.metaStruct === undefined ? {} : { metaStruct: span.metaStruct }),
  };
}
