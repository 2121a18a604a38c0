import { upperTraceIdTag } from "../codecs/propagated-tags.ts";
import type { Report } from "../codecs/report.ts";
import { decimalOfHex, decimalToHex, traceIdToHex } from "../identifiers/identifier.ts";
import type { SpanContext, SpanContextDraft } from "./span-context.ts";

/** A context whose ids can be written. */
export interface ValidContext {
  readonly context: SpanContext;
  /** `context.spanId` as 16 hexadecimal digits. */
  readonly spanIdHex: string;
}

const lowerHex = /^[0-9a-f]{32}$/;

/**
 * Makes sure that a context given by a caller has ids that can be written.
 *
 * A missing or malformed hexadecimal trace id is built from the decimal one and `_dd.p.tid`; a sampling priority
 * that is no integer is left out.
 *
 * @returns `undefined` when the ids cannot be repaired.
 */
export function validContext(context: SpanContext, report: Report): ValidContext | undefined {
  const { traceId, traceIdHex, spanId, samplingPriority } = context;
  const spanIdHex = typeof spanId === "string" ? decimalToHex(spanId) : undefined;
  const hex = spanIdHex === undefined ? undefined : usableTraceIdHex(context);
  if (hex === undefined || spanIdHex === undefined) {
    report("context", "malformed");
    return undefined;
  }
  const decimal = decimalOfHex(hex.slice(16));
  const isDecided = samplingPriority === undefined || Number.isInteger(samplingPriority);
  if (hex === traceIdHex && decimal === traceId && isDecided) return { context, spanIdHex };
  const repaired: SpanContextDraft = { ...context, traceId: decimal, traceIdHex: hex };
  if (!isDecided) {
    delete repaired.samplingPriority;
    report("context", "malformed");
  }
  return { context: repaired, spanIdHex };
}

function usableTraceIdHex({ traceId, traceIdHex, tags }: SpanContext): string | undefined {
  if (typeof traceIdHex === "string" && lowerHex.test(traceIdHex)) return traceIdHex;
  return typeof traceId === "string" ? traceIdToHex(traceId, tags?.[upperTraceIdTag]) : undefined;
}
