import { safeKeys, safeRead } from "../guard/safe-read.ts";
import type { TagGuard } from "../guard/tag-guard.ts";
import type { SpanEnvironment } from "./span-environment.ts";

/** Far more than a span is read with; without a limit one span could fill a whole payload. */
export const maximumTags = 1_024;

/** Tags that have passed the guard, in an object of their own. */
export interface GuardedTags {
  readonly tags: Record<string, unknown>;
  /** Whether one of them may say what is to be done: all others need not be looked at when the span starts. */
  readonly instructs: boolean;
}

/**
 * Copies the own tags of an object; a getter may throw. Each place has a function of its own, since what V8 has learned of
 * `{ ...given }` belongs to the function in which it stands.
 */
export type CopyTags = (given: object) => Record<string, unknown>;

/**
 * Copies tags of any number of shapes, best where there are few of them: up to four take 17 ns, eight 64 (V8 13.6).
 *
 * `{ ...given }` takes 15 for either, but only where the function sees four shapes at most; beyond that 39 and 66.
 */
export const copySmall: CopyTags = (given) =>
  Object.assign<Record<string, unknown>, object>({}, given);

/**
 * The tags that a span starts with; what cannot be read is left out, and so is what comes after the 1,024th tag, which
 * is counted.
 */
export function guardedTags(
  { guard, diagnostics }: Pick<SpanEnvironment, "guard" | "diagnostics">,
  given: unknown,
  copy: CopyTags,
): GuardedTags {
  if (typeof given !== "object" || given === null) return { tags: {}, instructs: false };
  const guarded = guardedCopy(guard, given, maximumTags, copy);
  if (guarded !== undefined) return guarded;
  const keys = safeKeys(given);
  if (keys.length > maximumTags) {
    diagnostics.count("span_tags_over_limit", keys.length - maximumTags);
  }
  return { tags: rebuilt(guard, given, keys.slice(0, maximumTags)), instructs: true };
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
  copy: CopyTags,
): GuardedTags | undefined {
  try {
    const tags = copy(given);
    const instructs = guard.guardInPlace(tags, limit);
    if (instructs === undefined) return undefined;
    // An own key `__proto__` has become the prototype, and what that says must not be done.
    if (instructs && Object.getPrototypeOf(tags) !== Object.prototype) return undefined;
    return { tags, instructs };
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
