import { type Diagnostics, type TagGuard, TagLimitExceededError } from "@llmdevops/dd-core";
import { splitTag, type TagEntry } from "./tag-entries.ts";
import { cutToLength } from "./text-limits.ts";

/** What formatting tags needs. */
export interface TagSettings {
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
  /** What the tags of one line may take (bytes). */
  readonly maximumBytes: number;
}

const maximumTagLength = 200;
const maximumTags = 100;

/**
 * Writes tags in DogStatsD's form, each guarded, without the characters that end a tag or a line, cut to
 * Datadog's 200 characters (https://docs.datadoghq.com/getting_started/tagging/#define-tags).
 *
 * What does not fit the line is left out and reported; the value itself is sent nevertheless.
 */
export function formatTags(tags: readonly TagEntry[], settings: TagSettings): string[] {
  const { guard, diagnostics, maximumBytes } = settings;
  const result: string[] = [];
  let bytes = 0;
  for (const [key, value] of tags) {
    const guarded = guard.value(key, value, "metrics");
    if (guarded === undefined) continue;
    const tag = formatTag(guard.key(key), String(guarded));
    if (tag === "") {
      diagnostics.count("metric_tags_invalid");
      continue;
    }
    bytes += Buffer.byteLength(tag) + 1;
    if (result.length >= maximumTags || bytes > maximumBytes) {
      diagnostics.fault(
        "metric_tags_over_limit",
        new TagLimitExceededError(
          `The tags of one metric may be ${maximumTags} and may take ${maximumBytes} bytes; the others were left out.`,
        ),
      );
      break;
    }
    result.push(tag);
  }
  return result;
}

/** Adds tags to others and leaves out of those the ones whose key is given again. */
export function mergeTags(base: readonly string[], own: readonly string[]): readonly string[] {
  if (own.length === 0) return base;
  if (base.length === 0) return own;
  const keys = new Set(own.map(keyOf));
  return [...base.filter((tag) => !keys.has(keyOf(tag))), ...own];
}

/** One tag as it goes on the wire; empty when the key is. */
export function formatTag(key: string, value: string): string {
  const name = key.replace(/[,|:\s#@]/g, "_");
  if (name === "" || value === "") return cutToLength(name, maximumTagLength);
  return cutToLength(`${name}:${value.replace(/[,|\r\n#@]/g, "_")}`, maximumTagLength);
}

/** The key of a formatted tag. */
export function keyOf(tag: string): string {
  return splitTag(tag)[0];
}
