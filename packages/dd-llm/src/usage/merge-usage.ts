import { isRecord, type UnknownRecord } from "../formats/unknown-record.ts";
import { tokenCount } from "./token-usage.ts";

const maximumKeys = 64;
const maximumDepth = 2;

/**
 * Joins the usage objects of one stream, still in the provider's own form: every provider counts cumulatively, so of
 * each count the larger one is right, and a count that a later object leaves out or sends as zero stays known.
 *
 * Anthropic's closing event may repeat the input without the cache counts of the opening one; joined in the
 * provider's own fields, before the parts are added up, neither is lost.
 */
export function mergeUsage(
  earlier: UnknownRecord | undefined,
  later: UnknownRecord,
  depth: number = maximumDepth,
): UnknownRecord {
  // Without a prototype, so that no key of a provider's object means anything but itself.
  const merged: Record<string, unknown> = Object.assign(Object.create(null), earlier);
  for (const key of Object.keys(later).slice(0, maximumKeys)) {
    const value = later[key];
    const known = merged[key];
    if (Array.isArray(value)) merged[key] = value;
    else if (isRecord(value)) {
      if (depth > 0)
        merged[key] = mergeUsage(isRecord(known) ? known : undefined, value, depth - 1);
    } else {
      const count = tokenCount(value);
      if (count !== undefined) merged[key] = Math.max(count, tokenCount(known) ?? 0);
    }
  }
  return merged;
}
