import { createPropagator, type Propagator, type SpanContext } from "../../src/index.ts";

/** A propagator of every format that does not depend on the machine's environment. */
export function everyStyle(): Propagator {
  const styles = ["datadog", "tracecontext", "b3", "b3multi", "baggage"] as const;
  return createPropagator({ extract: styles, inject: styles, env: {} });
}

/** A context that has something of everything. */
export const fullContext: SpanContext = {
  traceId: "12379814468735227512",
  traceIdHex: "640cfd8d00000000abcdefab12345678",
  spanId: "987654321",
  samplingPriority: 2,
  origin: "synthetics",
  tags: { "_dd.p.tid": "640cfd8d00000000", "_dd.p.dm": "-4", "_dd.p.usr.id": "baz64==" },
  baggage: { "user.id": "Zoë", plan: "free trial" },
  isRemote: false,
};
