import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** A carrier for what can carry nothing: it has no headers and says why it takes none. */
export function inertCarrier(refusal: string): TraceContextCarrier {
  return { get: () => undefined, set: () => undefined, keys: () => [], refusal };
}
