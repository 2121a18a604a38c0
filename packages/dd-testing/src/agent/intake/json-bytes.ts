import type { JsonObject } from "../json-value.ts";
import { IntakeError } from "./intake-error.ts";

/** Node 24 cannot write JSON of several thousand levels, Node 26 can: one limit makes them the same. */
const deepestLevel = 1000;

/**
 * The size of an event as JSON, in bytes of UTF-8.
 *
 * @param path Where the event is in the payload, for the message.
 * @throws IntakeError (400) for one that is nested more than 1,000 levels deep.
 */
export function jsonBytes(event: JsonObject, path: string): number {
  if (isDeeperThan(deepestLevel, event)) throw new IntakeError(400, `${path}: nested too deep`);
  return Buffer.byteLength(JSON.stringify(event));
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => isDeeperThan(levels - 1, entry));
}
