import type { MetricTags, TagGuard } from "@llmdevops/dd-core";

const maximumTagLength = 200;
const maximumTags = 100;

/**
 * Writes tags in DogStatsD's form, each guarded, without the characters that end a tag or a line, cut to
 * Datadog's 200 characters (https://docs.datadoghq.com/getting_started/tagging/#define-tags).
 */
export function formatTags(tags: MetricTags | undefined, guard: TagGuard): string[] {
  const result: string[] = [];
  if (tags === undefined || tags === null) return result;
  for (const [key, value] of Object.entries(tags)) {
    if (result.length >= maximumTags) break;
    const guarded = guard.value(key, value, "metrics");
    if (guarded === undefined) continue;
    result.push(formatTag(key, String(guarded)));
  }
  return result;
}

/** One tag as it goes on the wire. */
export function formatTag(key: string, value: string): string {
  const tag = `${key.replace(/[,|:\s#@]/g, "_")}:${value.replace(/[,|\r\n]/g, "_")}`;
  return tag.length > maximumTagLength ? tag.slice(0, maximumTagLength) : tag;
}
