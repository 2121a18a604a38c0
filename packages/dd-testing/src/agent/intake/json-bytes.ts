import type { JsonObject } from "../json-value.ts";
import { IntakeError } from "./intake-error.ts";

/**
 * The size of an event as JSON, in bytes of UTF-8.
 *
 * @param path Where the event is in the payload, for the message.
 * @throws IntakeError (400) for one that is nested too deep to be written again.
 */
export function jsonBytes(event: JsonObject, path: string): number {
  try {
    return Buffer.byteLength(JSON.stringify(event));
  } catch {
    throw new IntakeError(400, `${path}: nested too deep`);
  }
}
