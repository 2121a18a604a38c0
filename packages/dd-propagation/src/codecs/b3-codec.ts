import {
  draftWithoutTrace,
  type SpanContext,
  type SpanContextDraft,
  zeroTraceIdHex,
} from "../context/span-context.ts";
import type { ValidContext } from "../context/valid-context.ts";
import {
  decimalToHex,
  hexToDecimal,
  traceIdFromHex,
  traceIdUpperHex,
  upperOfTraceIdHex,
} from "../identifiers/identifier.ts";
import {
  b3FlagsHeader,
  b3Header,
  b3ParentSpanIdHeader,
  b3SampledHeader,
  b3SpanIdHeader,
  b3TraceIdHeader,
  type HeaderField,
  type ReadHeader,
} from "./header-names.ts";
import { decisionMakerTag, upperTraceIdTag } from "./propagated-tags.ts";
import type { Report } from "./report.ts";
import { trimWhiteSpace } from "./trace-state.ts";

// Longer than the longest value, 32 + 16 + 1 + 16 digits and 3 dashes, with white space around it.
const maximumLength = 256;
const singleHeader =
  /^([0-9a-f]{32}|[0-9a-f]{16})-([0-9a-f]{16})(?:-([01d])(?:-([0-9a-f]{16}))?)?$/i;

/** Value of `_dd.p.dm` where a person decided (https://docs.datadoghq.com/tracing/trace_pipeline/ingestion_mechanisms/). */
const manualDecision = "-4";

/** B3 states: accept, deny, debug. Datadog's counterpart of debug is the user's decision to keep. */
const priorities: Readonly<Record<string, number>> = { "0": 0, "1": 1, d: 2, false: 0, true: 1 };

function readLast(read: ReadHeader, name: string): string | undefined {
  const text = read(name);
  if (text === undefined) return undefined;
  if (text.length > maximumLength) return "";
  return trimWhiteSpace(text.slice(text.lastIndexOf(",") + 1));
}

/**
 * Reads the single `b3` header; a lone sampling state gives a context without a trace.
 *
 * @see https://github.com/openzipkin/b3-propagation#single-header
 */
export function decodeB3Single(read: ReadHeader, report: Report): SpanContextDraft | undefined {
  const text = readLast(read, b3Header);
  if (text === undefined) return undefined;
  if (text === "0" || text === "1" || text === "d") {
    return { ...draftWithoutTrace(), samplingPriority: priorities[text] ?? 0 };
  }
  const [, traceId, spanId, state, parentId] = singleHeader.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined) {
    report(b3Header, "malformed");
    return undefined;
  }
  let draft = draftOf(traceId, spanId, parentId);
  if (draft === undefined) report(b3Header, "all_zero");
  if (state === undefined) return draft;
  draft ??= draftWithoutTrace();
  draft.samplingPriority = priorities[state.toLowerCase()] ?? 0;
  return draft;
}

/**
 * Reads the `X-B3-*` headers; a sampling state without valid ids gives a context without a trace.
 *
 * @see https://github.com/openzipkin/b3-propagation#multiple-headers
 */
export function decodeB3Multi(read: ReadHeader, report: Report): SpanContextDraft | undefined {
  const traceId = readLast(read, b3TraceIdHeader);
  const spanId = readLast(read, b3SpanIdHeader);
  let draft: SpanContextDraft | undefined;
  if (traceId !== undefined || spanId !== undefined) {
    draft = draftOf(traceId ?? "", spanId ?? "", readLast(read, b3ParentSpanIdHeader));
    if (draft === undefined) report(b3TraceIdHeader, "malformed");
  }
  const priority = decodeSamplingState(read, report);
  if (priority === undefined) return draft;
  draft ??= draftWithoutTrace();
  draft.samplingPriority = priority;
  return draft;
}

function decodeSamplingState(read: ReadHeader, report: Report): number | undefined {
  // Debug implies an accept decision, whatever the other header says.
  if (readLast(read, b3FlagsHeader) === "1") return 2;
  const state = readLast(read, b3SampledHeader)?.toLowerCase();
  if (state === undefined) return undefined;
  const priority =
    state !== "d" && Object.hasOwn(priorities, state) ? priorities[state] : undefined;
  if (priority === undefined) report(b3SampledHeader, "malformed");
  return priority;
}

function draftOf(
  traceIdHex: string,
  spanIdHex: string,
  parentIdHex: string | undefined,
): SpanContextDraft | undefined {
  const traceId = traceIdFromHex(traceIdHex);
  const spanId = hexToDecimal(spanIdHex);
  if (traceId === undefined || spanId === undefined || spanId === "0") return undefined;
  const draft: SpanContextDraft = {
    traceId,
    traceIdHex: traceIdHex.toLowerCase().padStart(zeroTraceIdHex.length, "0"),
    spanId,
    isRemote: true,
  };
  const upper = traceIdUpperHex(traceIdHex);
  if (upper !== undefined) draft.tags = { [upperTraceIdTag]: upper };
  const parentId = parentIdHex === undefined ? undefined : hexToDecimal(parentIdHex);
  if (parentId !== undefined && parentId !== "0") draft.parentId = parentId;
  return draft;
}

interface B3Fields {
  readonly traceId: string;
  readonly parentId: string | undefined;
}

function fieldsOf({ traceIdHex, parentId }: SpanContext): B3Fields {
  const traceId = upperOfTraceIdHex(traceIdHex) === undefined ? traceIdHex.slice(16) : traceIdHex;
  return { traceId, parentId: parentId === undefined ? undefined : decimalToHex(parentId) };
}

/** Debug is a person's wish; a rule that keeps a trace with the same priority only accepts it. */
function samplingState({ samplingPriority, tags }: SpanContext): "0" | "1" | "d" | undefined {
  if (samplingPriority === undefined) return undefined;
  if (samplingPriority < 1) return "0";
  const maker = tags?.[decisionMakerTag];
  const isManual = maker === undefined || maker === manualDecision;
  return samplingPriority > 1 && isManual ? "d" : "1";
}

/** Adds the single `b3` header of a context. */
export function encodeB3Single({ context, spanIdHex }: ValidContext, headers: HeaderField[]): void {
  const fields = fieldsOf(context);
  const state = samplingState(context);
  let value = `${fields.traceId}-${spanIdHex}`;
  if (state !== undefined) {
    value += `-${state}`;
    if (fields.parentId !== undefined) value += `-${fields.parentId}`;
  }
  headers.push([b3Header, value]);
}

/** Adds the `x-b3-*` headers of a context. */
export function encodeB3Multi({ context, spanIdHex }: ValidContext, headers: HeaderField[]): void {
  const fields = fieldsOf(context);
  headers.push([b3TraceIdHeader, fields.traceId], [b3SpanIdHeader, spanIdHex]);
  if (fields.parentId !== undefined) headers.push([b3ParentSpanIdHeader, fields.parentId]);
  const state = samplingState(context);
  // Debug implies accept; the specification asks not to send both.
  if (state === "d") headers.push([b3FlagsHeader, "1"]);
  else if (state !== undefined) headers.push([b3SampledHeader, state]);
}
