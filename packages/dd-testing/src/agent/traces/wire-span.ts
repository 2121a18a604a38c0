import type { ReceivedSpanEvent, ReceivedSpanLink } from "./received-span.ts";

/** A span as decoded, before the rules that need the whole chunk are applied. */
export interface WireSpan {
  traceId: bigint | undefined;
  spanId: bigint | undefined;
  parentId: bigint;
  name: string | undefined;
  service: string;
  resource: string;
  type: string;
  start: bigint;
  duration: bigint;
  error: bigint;
  meta: ReadonlyMap<string, string>;
  metrics: ReadonlyMap<string, number>;
  spanLinks: readonly ReceivedSpanLink[] | undefined;
  spanEvents: readonly ReceivedSpanEvent[] | undefined;
  metaStruct: Readonly<Record<string, unknown>> | undefined;
  /** Size of the span in the payload, in bytes. */
  bytes: number;
}

/** A trace without spans; one object for all, as a hostile payload can hold millions of them. */
export const emptyTrace: readonly WireSpan[] = [];

/** A span with the defaults of the trace format, to be filled by a decoder. */
export function emptyWireSpan(): WireSpan {
  return {
    traceId: undefined,
    spanId: undefined,
    parentId: 0n,
    name: undefined,
    service: "",
    resource: "",
    type: "",
    start: 0n,
    duration: 0n,
    error: 0n,
    meta: new Map(),
    metrics: new Map(),
    spanLinks: undefined,
    spanEvents: undefined,
    metaStruct: undefined,
    bytes: 0,
  };
}
