import { upperTraceIdTag } from "../codecs/propagated-tags.ts";
import type { Report } from "../codecs/report.ts";
import { decimalOfHex, decimalToHex, traceIdToHex } from "../identifiers/identifier.ts";
import { hasTraceId, type SpanContext, zeroTraceIdHex } from "./span-context.ts";

const lowerHex = /^[0-9a-f]{32}$/;

/**
 * Makes sure that a context given by a caller has ids that can be written.
 *
 * A missing or malformed hexadecimal trace id is built from the decimal one and `_dd.p.tid`; a context whose ids
 * cannot be repaired keeps only its baggage.
 */
export function validContext(context: SpanContext, report: Report): SpanContext {
  if (!hasTraceId(context)) return context;
  const { traceId, traceIdHex, spanId } = context;
  const isSpanValid = typeof spanId === "string" && decimalToHex(spanId) !== undefined;
  if (isSpanValid && typeof traceIdHex === "string" && lowerHex.test(traceIdHex)) {
    const expected = decimalOfHex(traceIdHex.slice(16));
    return expected === traceId ? context : { ...context, traceId: expected };
  }
  const repaired =
    isSpanValid && typeof traceId === "string"
      ? traceIdToHex(traceId, context.tags?.[upperTraceIdTag])
      : undefined;
  if (repaired !== undefined) {
    return { ...context, traceId: decimalOfHex(repaired.slice(16)), traceIdHex: repaired };
  }
  report("context", "malformed");
  return { ...context, traceId: "0", traceIdHex: zeroTraceIdHex, spanId: "0" };
}
