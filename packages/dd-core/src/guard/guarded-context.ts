import { safeEntries, safeRead } from "./safe-read.ts";
import type { TagGuard } from "./tag-guard.ts";

/**
 * A context from another process in which every text has passed the guard, since it ends up in tags, and in the headers
 * to the next process.
 *
 * Its baggage is guarded under its keys, the rest as text: the names in there are those of tracers. Never throws.
 *
 * @returns The same context where nothing of it had to change.
 */
export function guardedContext<C extends object>(context: C, guard: TagGuard): C {
  const changes: Record<string, unknown> = {};
  for (const name of ["origin", "traceState"] as const) {
    const text = safeRead(context, name);
    if (typeof text === "string" && guard.text(text) !== text) changes[name] = guard.text(text);
  }
  const tags = changed(safeRead(context, "tags"), (_key, text) => guard.text(text));
  if (tags !== undefined) changes["tags"] = tags;
  const baggage = changed(safeRead(context, "baggage"), (key, text) =>
    String(guard.value(key, text) ?? ""),
  );
  if (baggage !== undefined) changes["baggage"] = baggage;
  if (Object.keys(changes).length === 0) return context;
  return Object.freeze({ ...Object.fromEntries(safeEntries(context)), ...changes }) as C;
}

/** A copy with guarded texts; `undefined` where all of them stay as they are. */
function changed(
  source: unknown,
  guardedText: (key: string, text: string) => string,
): Record<string, string> | undefined {
  let isChanged = false;
  const texts: [string, string][] = [];
  for (const [key, text] of safeEntries(source)) {
    if (typeof text !== "string") continue;
    const guarded = guardedText(key, text);
    isChanged ||= guarded !== text;
    texts.push([key, guarded]);
  }
  return isChanged ? Object.fromEntries(texts) : undefined;
}
