import { inertCarrier } from "./inert-carrier.ts";
import type { TraceContextCarrier } from "./trace-context-carrier.ts";

/** The carrier that `make` chooses for a message; one whose getters or proxy traps throw gives one that is empty. */
export function readableCarrier(make: () => TraceContextCarrier): TraceContextCarrier {
  try {
    return make();
  } catch {
    return inertCarrier("the message cannot be read");
  }
}
