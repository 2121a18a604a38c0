import type { Configuration } from "../configuration/configuration.ts";
import type { Span } from "../span/span.ts";

/** The fields by which Datadog joins a log line to its trace. */
export interface CorrelationIds {
  /** 32 hexadecimal digits for a 128-bit trace, decimal for a 64-bit one; empty outside a trace. */
  readonly "dd.trace_id": string;
  /** Decimal; empty outside a trace. */
  readonly "dd.span_id": string;
  readonly "dd.service": string;
  readonly "dd.env": string;
  readonly "dd.version": string;
}

/**
 * The correlation fields of a span, in the form that Datadog's log pipeline expects
 * (https://docs.datadoghq.com/tracing/other_telemetry/connect_logs_and_traces/).
 */
export function correlationIds(
  span: Span | undefined,
  configuration: Configuration,
): CorrelationIds {
  return {
    "dd.trace_id": span === undefined ? "" : logTraceId(span),
    "dd.span_id": span?.spanId ?? "",
    "dd.service": configuration.service,
    "dd.env": configuration.env ?? "",
    "dd.version": configuration.version ?? "",
  };
}

/** Returns a copy of a log record with the correlation fields added; fields without a value are left out. */
export function withCorrelation<R extends object>(
  record: R,
  ids: CorrelationIds,
): R & Partial<CorrelationIds> {
  const present = Object.entries(ids).filter(([, value]) => value !== "");
  return Object.assign({}, record, Object.fromEntries(present));
}

function logTraceId(span: Span): string {
  const hex = span.context().traceIdHex;
  return /^0{16}/.test(hex) ? span.traceId : hex;
}
