import { safeEntries, safeRead } from "./safe-read.ts";
import type { TagGuard } from "./tag-guard.ts";

/**
 * A context from another process in which every text has passed the guard, since it ends up in tags, and in the headers
 * to the next process.
 *
 * Its baggage is guarded as tags are, by its keys too; the rest as text, since the names in there are those of tracers.
 * Never throws.
 *
 * @returns The same context where nothing of it had to change.
 */
export function guardedContext<C extends object>(context: C, guard: TagGuard): C {
  const changes: Record<string, unknown> = {};
  const origin = safeRead(context, "origin");
  if (typeof origin === "string" && guard.text(origin) !== origin) {
    changes["origin"] = guard.text(origin);
  }
  const traceState = harmlessMembers(safeRead(context, "traceState"), guard);
  if (traceState !== undefined) changes["traceState"] = traceState;
  const tags = guardedTexts(safeRead(context, "tags"), guard, (_key, text) => guard.text(text));
  if (tags !== undefined) changes["tags"] = tags;
  const baggage = guardedTexts(safeRead(context, "baggage"), guard, (key, text) =>
    String(guard.value(key, text) ?? ""),
  );
  if (baggage !== undefined) changes["baggage"] = baggage;
  if (Object.keys(changes).length === 0) return context;
  return Object.freeze({ ...Object.fromEntries(safeEntries(context)), ...changes }) as C;
}

/**
 * The members of a tracestate without those in which something was found: what another vendor wrote cannot be changed
 * and still be of use to it. `undefined` where all of them stay.
 */
function harmlessMembers(members: unknown, guard: TagGuard): readonly unknown[] | undefined {
  const isHarmless = (member: unknown): boolean =>
    Array.isArray(member) &&
    member.every((text) => typeof text === "string" && guard.text(text) === text);
  try {
    if (!Array.isArray(members)) return undefined;
    const kept = members.filter(isHarmless);
    return kept.length === members.length ? undefined : kept;
  } catch {
    return [];
  }
}

/** A copy with guarded keys and texts; `undefined` where all of them stay as they are. */
function guardedTexts(
  source: unknown,
  guard: TagGuard,
  guardedText: (key: string, text: string) => string,
): Record<string, string> | undefined {
  let isChanged = false;
  const texts: [string, string][] = [];
  for (const [key, text] of safeEntries(source)) {
    if (typeof text !== "string") continue;
    const guardedKey = guard.key(key);
    const guarded = guardedText(key, text);
    isChanged ||= guarded !== text || guardedKey !== key;
    texts.push([guardedKey, guarded]);
  }
  return isChanged ? Object.fromEntries(texts) : undefined;
}
