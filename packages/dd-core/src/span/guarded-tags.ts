import { safeKeys, safeRead } from "../guard/safe-read.ts";
import type { TagGuard } from "../guard/tag-guard.ts";
import type { SpanEnvironment } from "./span-environment.ts";

/** Far more than a span is read with; without a limit one span could fill a whole payload. */
export const maximumTags = 1_024;

/**
 * The tags that a span starts with, guarded, in an object of their own; what cannot be read is left out, and so
 * is what comes after the 1,024th tag, which is counted.
 */
export function guardedTags(
  { guard, diagnostics }: Pick<SpanEnvironment, "guard" | "diagnostics">,
  given: unknown,
): Record<string, unknown> {
  if (typeof given !== "object" || given === null) return {};
  const copy = guardedCopy(guard, given, maximumTags);
  if (copy !== undefined) return copy;
  const keys = safeKeys(given);
  if (keys.length > maximumTags) {
    diagnostics.count("span_tags_over_limit", keys.length - maximumTags);
  }
  return rebuilt(guard, given, keys.slice(0, maximumTags));
}

/**
 * A copy of the shape that the caller's object has, which costs much less than one that is built tag by tag.
 *
 * @param limit Most tags that there may be.
 * @returns `undefined` where a tag must go or be renamed, or cannot be read.
 */
export function guardedCopy(
  guard: TagGuard,
  given: object,
  limit: number,
): Record<string, unknown> | undefined {
  try {
    const tags: Record<string, unknown> = { ...given };
    return guard.guardInPlace(tags, limit) ? tags : undefined;
  } catch {
    // A getter or a proxy has thrown.
    return undefined;
  }
}

function rebuilt(guard: TagGuard, given: object, keys: readonly string[]): Record<string, unknown> {
  const tags: Record<string, unknown> = {};
  for (const key of keys) {
    const value = safeRead(given, key);
    if (key !== "error" || typeof value !== "object") guard.writeTag(tags, key, value);
  }
  return tags;
}

/** What was given under the tag `error` to be recorded; `undefined` for a plain tag, and without one. */
export function errorAmong(given: unknown): object | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  try {
    const { error } = given as { readonly error?: unknown };
    return typeof error === "object" && error !== null ? error : undefined;
  } catch {
    return undefined;
  }
}
