import type { Payload } from "./payload.ts";
import type { SendOutcome } from "./send-payload.ts";

/** All about an attempt but the content of the payload. */
export function describeAttempt(
  payload: Payload,
  outcome: SendOutcome,
  durationMs: number,
): string {
  const { route, items, body, kind } = payload;
  const result = outcome.state === "delivered" ? "taken" : `${outcome.state}, ${outcome.reason}`;
  return `${route.method} ${route.path} with ${items} items of ${kind}, ${body.length} bytes: ${result}, in ${Math.round(durationMs)} ms.`;
}
