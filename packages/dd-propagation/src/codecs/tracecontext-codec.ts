import type { SpanContextDraft } from "../context/span-context.ts";
import type { ValidContext } from "../context/valid-context.ts";
import { decimalOfHex, isZero, upperOfTraceIdHex } from "../identifiers/identifier.ts";
import { decodeDatadogMember, encodeDatadogMember } from "./datadog-member.ts";
import {
  type HeaderField,
  type ReadHeader,
  traceparentHeader,
  tracestateHeader,
} from "./header-names.ts";
import { encodeOpenTelemetryMember, sanitizeOpenTelemetryMember } from "./opentelemetry-member.ts";
import { upperTraceIdTag } from "./propagated-tags.ts";
import type { Report } from "./report.ts";
import {
  decodeTraceState,
  encodeTraceState,
  isTraceStateMember,
  type TraceStateMember,
  traceStateValue,
} from "./trace-state.ts";
import { decodeTraceparent, encodeTraceparent } from "./traceparent.ts";

/** Reads traceparent and tracestate; without a valid traceparent there is no context and no tracestate. */
export function decodeTraceContext(read: ReadHeader, report: Report): SpanContextDraft | undefined {
  const text = read(traceparentHeader);
  if (text === undefined) return undefined;
  const traceparent = decodeTraceparent(text, report);
  if (traceparent === undefined) return undefined;
  const { traceIdHex, spanIdHex } = traceparent;
  const draft: SpanContextDraft = {
    traceId: decimalOfHex(traceIdHex.slice(16)),
    traceIdHex,
    spanId: decimalOfHex(spanIdHex),
    samplingPriority: traceparent.sampled ? 1 : 0,
    isRemote: true,
  };
  if (traceparent.random) draft.randomTraceId = true;
  const upper = upperOfTraceIdHex(traceIdHex);
  if (upper !== undefined) draft.tags = { [upperTraceIdTag]: upper };
  let members = decodeTraceState(read(tracestateHeader) ?? "", report);
  if (traceStateValue(members, "ot") !== undefined) members = members.flatMap(sanitize);
  if (members.length > 0) draft.traceState = members;
  const datadog = traceStateValue(members, "dd");
  if (datadog !== undefined) decodeDatadogMember(datadog, draft, report);
  return draft;
}

function sanitize(member: TraceStateMember): TraceStateMember[] {
  if (member[0] !== "ot") return [member];
  const value = sanitizeOpenTelemetryMember(member[1]);
  return value === "" ? [] : [["ot", value]];
}

/** Adds the traceparent and tracestate headers of a context, Datadog's member first. */
export function encodeTraceContext(
  valid: ValidContext,
  fields: HeaderField[],
  report: Report,
): void {
  const { context, spanIdHex } = valid;
  // Trace Context has no way to say "no parent".
  if (isZero(spanIdHex)) return;
  const traceparent = encodeTraceparent({
    traceIdHex: context.traceIdHex,
    spanIdHex,
    sampled: (context.samplingPriority ?? 0) > 0,
    random: context.randomTraceId ?? false,
  });
  const tracestate = encodeTraceState(outgoingMembers(valid, report));
  fields.push([traceparentHeader, traceparent]);
  if (tracestate !== "") fields.push([tracestateHeader, tracestate]);
}

const noMembers: readonly TraceStateMember[] = [];

function outgoingMembers(valid: ValidContext, report: Report): TraceStateMember[] {
  const { context } = valid;
  const received = context.traceState ?? noMembers;
  const members: TraceStateMember[] = [];
  const datadog = encodeDatadogMember(valid, report);
  if (datadog !== "") members.push(["dd", datadog]);
  const inherited = traceStateValue(received, "ot");
  const openTelemetry = encodeOpenTelemetryMember(context, inherited);
  // A member that was changed moves to the front, one that was not keeps its place.
  const isChanged = openTelemetry !== undefined && openTelemetry !== inherited;
  if (isChanged) members.push(["ot", openTelemetry]);
  for (const member of received) {
    if (member[0] === "dd" || (isChanged && member[0] === "ot")) continue;
    if (isTraceStateMember(member)) members.push(member);
    else report(tracestateHeader, "malformed");
  }
  return members;
}
