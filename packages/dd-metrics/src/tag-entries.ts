import type { Diagnostics, MetricTags, TagGuard } from "@llmdevops/dd-core";

/**
 * The tags of a call: a plain object, or a list of texts `key:value` and `key` as other StatsD clients take them.
 * Never changed.
 */
export type Tags = MetricTags | readonly string[];

/** More are not looked at; a line has room for far fewer. */
export const maximumEntries = 1_000;

/** One tag as it was given. */
export type TagEntry = readonly [key: string, value: unknown];

/**
 * Reads tags, each once, since a getter may answer differently each time. What holds no tags, and single tags that
 * cannot be read, are left out and counted.
 */
export function readTags(
  tags: unknown,
  guard: TagGuard,
  diagnostics: Diagnostics,
): readonly TagEntry[] {
  if (tags === undefined || tags === null) return [];
  try {
    if (Array.isArray(tags)) return readList(tags, guard, diagnostics);
    if (typeof tags === "object") return readObject(tags, diagnostics);
  } catch {
    // A proxy refused; counted below like everything else that holds no tags.
  }
  diagnostics.count("metric_tags_invalid");
  return [];
}

/** Takes a text `key:value` apart; a tag without a value has an empty one. */
export function splitTag(text: string): readonly [key: string, value: string] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}

function readObject(tags: object, diagnostics: Diagnostics): TagEntry[] {
  const entries: TagEntry[] = [];
  const keys = Object.keys(tags);
  if (keys.length > maximumEntries) diagnostics.count("metric_tags_over_limit");
  for (const key of keys.slice(0, maximumEntries)) {
    try {
      entries.push([key, Reflect.get(tags, key)]);
    } catch {
      diagnostics.count("metric_tags_invalid");
    }
  }
  return entries;
}

function readList(tags: readonly unknown[], guard: TagGuard, diagnostics: Diagnostics): TagEntry[] {
  const entries: TagEntry[] = [];
  const { length } = tags;
  if (length > maximumEntries) diagnostics.count("metric_tags_over_limit");
  for (let index = 0; index < Math.min(length, maximumEntries); index += 1) {
    try {
      const tag = tags[index];
      if (tag === undefined || tag === null) continue;
      if (typeof tag !== "string") diagnostics.count("metric_tags_invalid");
      // Guarded as a whole as well: an address with a password is none any more where the first colon is gone.
      else entries.push(splitTag(guard.text(tag, "metrics")));
    } catch {
      diagnostics.count("metric_tags_invalid");
    }
  }
  return entries;
}
