import type { GuardedTagValue, TagGuard } from "../guard/tag-guard.ts";

/**
 * Tags that dd-trace and the Agent take for text without looking; a number in one of them makes dd-trace throw when
 * the span ends (dd-trace `span_format.js`), or the Agent refuse it.
 */
const textTags = new Set([
  "service",
  "service.name",
  "resource.name",
  "span.type",
  "span.kind",
  "operation.name",
  "env",
  "version",
]);

/** The guarded key and value of a tag; `undefined` when there is nothing to set. */
export function guardedTag(
  guard: TagGuard,
  key: string,
  value: unknown,
): readonly [key: string, value: GuardedTagValue] | undefined {
  const guarded = guard.value(key, value);
  if (guarded === undefined) return undefined;
  const name = guard.key(key);
  if (name === "" || name === "__proto__") return undefined;
  return [name, isTextTag(name, guarded) ? String(guarded) : guarded];
}

/** The same, written straight into the tags of a span that is about to start. */
export function addGuardedTag(
  guard: TagGuard,
  tags: Record<string, unknown>,
  key: string,
  value: unknown,
): void {
  const guarded = guard.value(key, value);
  if (guarded === undefined) return;
  const name = guard.key(key);
  if (name === "" || name === "__proto__") return;
  tags[name] = isTextTag(name, guarded) ? String(guarded) : guarded;
}

function isTextTag(name: string, value: GuardedTagValue): boolean {
  return typeof value !== "string" && textTags.has(name);
}
