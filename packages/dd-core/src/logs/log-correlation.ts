import type { Configuration } from "../configuration/configuration.ts";
import type { SpanContext } from "../span/span-context.ts";

/** The fields by which Datadog joins a log line to its trace. */
export interface CorrelationIds {
  /** 32 hexadecimal digits for a 128-bit trace, decimal for a 64-bit one; empty outside a trace. */
  readonly "dd.trace_id": string;
  /** Decimal; empty outside a trace. */
  readonly "dd.span_id": string;
  /** Service of the client. */
  readonly "dd.service": string;
  /** Environment of the client; empty when none is set. */
  readonly "dd.env": string;
  /** Version of the client's service; empty when none is set. */
  readonly "dd.version": string;
}

/** The ids of a span; a span satisfies it by shape. */
export type LogIdentity = Pick<SpanContext, "traceId" | "traceIdHex" | "spanId">;

/**
 * The correlation fields of a span, in the form that Datadog's log pipeline expects
 * (https://docs.datadoghq.com/tracing/other_telemetry/connect_logs_and_traces/).
 */
export function correlationIds(
  identity: LogIdentity | undefined,
  configuration: Configuration,
): CorrelationIds {
  // A span that is not recorded has the id 0, under which nothing can be found.
  const recorded = identity?.spanId === "0" ? undefined : identity;
  return {
    "dd.trace_id": recorded === undefined ? "" : logTraceId(recorded),
    "dd.span_id": recorded?.spanId ?? "",
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
  return { ...record, ...Object.fromEntries(present) };
}

function logTraceId({ traceId, traceIdHex }: LogIdentity): string {
  return traceIdHex.startsWith("0".repeat(16)) ? traceId : traceIdHex;
}
