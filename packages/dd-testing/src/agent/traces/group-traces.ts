import type { ReceivedSpan } from "./received-span.ts";

/** All spans of one trace, whichever payloads and processes they came from. */
export interface ReceivedTrace {
  /** Low 64 bits of the trace id, decimal. */
  readonly traceId: string;
  /** The trace id in 32 hex digits. */
  readonly traceIdHex: string;
  /** Ordered by start, then by arrival. */
  readonly spans: readonly ReceivedSpan[];
}

/**
 * Groups spans by the low 64 bits of their trace id, in the order in which the traces first arrived.
 *
 * The upper 64 bits are taken from whichever chunk carried them, so that a peer that knows only
 * 64-bit ids still joins the trace.
 */
export function groupTraces(spans: readonly ReceivedSpan[]): ReceivedTrace[] {
  const groups = new Map<string, ReceivedSpan[]>();
  for (const span of spans) {
    const group = groups.get(span.traceId);
    if (group === undefined) groups.set(span.traceId, [span]);
    else group.push(span);
  }
  return [...groups].map(([traceId, group]) => ({
    traceId,
    traceIdHex:
      group
        .map((span) => span.traceIdHex)
        .sort()
        .at(-1) ?? "",
    spans: group.sort((left, right) => compare(left.start, right.start)),
  }));
}

function compare(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
