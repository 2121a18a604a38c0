import type { SpanContextDraft } from "../context/span-context.ts";
import type { ValidContext } from "../context/valid-context.ts";
import { decimalToHex, isZero } from "../identifiers/identifier.ts";
import {
  datadogOriginHeader,
  datadogParentIdHeader,
  datadogSamplingPriorityHeader,
  datadogTagsHeader,
  datadogTraceIdHeader,
  type HeaderField,
  type ReadHeader,
} from "./header-names.ts";
import { maximumOriginLength } from "./limits.ts";
import { decodePropagatedTags, encodePropagatedTags, upperTraceIdTag } from "./propagated-tags.ts";
import type { Report } from "./report.ts";
import { trimWhiteSpace } from "./trace-state.ts";

const signedDecimal = /^-?[0-9]{1,20}$/;
const samplingPriority = /^-?[0-9]{1,3}$/;
// Longer than a few fields that were joined.
const maximumIdentifierLength = 256;
const notHeaderText = /[^\x20-\x7e]/g;

/** Reads the `x-datadog-*` headers; without a valid trace id and parent id there is no context. */
export function decodeDatadog(
  read: ReadHeader,
  maximumTagsLength: number,
  report: Report,
): SpanContextDraft | undefined {
  const traceIdText = read(datadogTraceIdHeader);
  if (traceIdText === undefined) return undefined;
  const traceId = decodeIdentifier(traceIdText);
  if (traceId === undefined || traceId === "0") {
    report(datadogTraceIdHeader, traceId === "0" ? "all_zero" : "malformed");
    return undefined;
  }
  // A parent id of zero is valid: the trace begins with the next span.
  const spanId = decodeIdentifier(read(datadogParentIdHeader) ?? "");
  if (spanId === undefined) {
    report(datadogParentIdHeader, "malformed");
    return undefined;
  }
  const tags = decodePropagatedTags(read(datadogTagsHeader) ?? "", maximumTagsLength, report);
  const upper = tags[upperTraceIdTag];
  if (upper !== undefined && isZero(upper)) delete tags[upperTraceIdTag];
  const draft: SpanContextDraft = {
    traceId,
    traceIdHex: (upper ?? "0000000000000000") + (decimalToHex(traceId) ?? ""),
    spanId,
    tags,
    isRemote: true,
  };
  decodePriority(read(datadogSamplingPriorityHeader), draft, report);
  decodeOrigin(read(datadogOriginHeader), draft, report);
  return draft;
}

/** Reads an id; of several fields that a server joined with a comma the last counts. */
function decodeIdentifier(text: string): string | undefined {
  if (text.length > maximumIdentifierLength) return undefined;
  const last = trimWhiteSpace(text.slice(text.lastIndexOf(",") + 1));
  if (!signedDecimal.test(last)) return undefined;
  // Nineteen digits are always less than 2^64; without a sign or a leading zero they are the result.
  const first = last.charCodeAt(0);
  if (last.length < 20 && first > 48) return last;
  // Tracers in languages without unsigned integers have sent ids as negative numbers.
  const value = BigInt(last);
  if (last.startsWith("-")) {
    return value < -(1n << 63n) ? undefined : BigInt.asUintN(64, value).toString();
  }
  return value >> 64n === 0n ? value.toString() : undefined;
}

function decodePriority(text: string | undefined, draft: SpanContextDraft, report: Report): void {
  if (text === undefined) return;
  const last =
    text.length > maximumIdentifierLength
      ? ""
      : trimWhiteSpace(text.slice(text.lastIndexOf(",") + 1));
  if (samplingPriority.test(last)) draft.samplingPriority = Number(last);
  else report(datadogSamplingPriorityHeader, "malformed");
}

function decodeOrigin(text: string | undefined, draft: SpanContextDraft, report: Report): void {
  if (!text) return;
  if (text.length > maximumOriginLength) report(datadogOriginHeader, "too_long");
  else draft.origin = text;
}

/** Adds the `x-datadog-*` headers of a context. */
export function encodeDatadog(
  { context }: ValidContext,
  fields: HeaderField[],
  maximumTagsLength: number,
  report: Report,
): void {
  // A trace id whose lower half is zero is valid elsewhere; here it would read as "none".
  if (context.traceId === "0") return;
  fields.push([datadogTraceIdHeader, context.traceId], [datadogParentIdHeader, context.spanId]);
  const { samplingPriority: priority, origin } = context;
  if (priority !== undefined) fields.push([datadogSamplingPriorityHeader, priority.toString()]);
  if (typeof origin === "string" && origin !== "") {
    if (origin.length > maximumOriginLength) report(datadogOriginHeader, "too_long");
    else fields.push([datadogOriginHeader, origin.replaceAll(notHeaderText, "_")]);
  }
  const tags = encodePropagatedTags(context.tags, context.traceIdHex, maximumTagsLength, report);
  if (tags !== undefined) fields.push([datadogTagsHeader, tags]);
}
