import type { MetricTags } from "@llmdevops/dd-core";
import { isCacheable } from "./aggregation/context-cache.ts";
import { type CardinalityGuard, otherValue } from "./cardinality/cardinality-guard.ts";
import type { TagSettings } from "./metric-tags.ts";

type Scalar = string | number | boolean | undefined;

/**
 * The tags with what would make too many series left out or replaced. What has no end of values, for example a long
 * text, is guarded and counted here; the others were counted where they were looked up.
 */
export function boundedTags(
  tags: MetricTags | undefined,
  cardinality: CardinalityGuard,
  { guard, diagnostics }: TagSettings,
): MetricTags | undefined {
  // What is no object with tags is refused, and counted, where tags are formatted.
  if (!isPlain(tags)) return tags;
  const entries: [string, Scalar][] = [];
  for (const key of keysOf(tags)) {
    try {
      const value: unknown = tags[key];
      if (value === undefined || value === null) continue;
      const kept = isCacheable(value) ? value : guard.value(key, value, "metrics");
      if (kept === undefined) continue;
      const rule = cardinality.rule(key);
      const verdict = isCacheable(value) ? rule.verdict(kept) : rule.admit(kept);
      if (verdict !== "left_out") entries.push([key, verdict === "other" ? otherValue : kept]);
    } catch {
      diagnostics.count("metric_tags_invalid");
    }
  }
  return Object.fromEntries(entries);
}

/** The tags of everything beyond the limit of a metric's series. */
export function otherTags(tags: MetricTags | undefined): MetricTags {
  return Object.fromEntries(Object.keys(tags ?? {}).map((key) => [key, otherValue]));
}

function keysOf(tags: MetricTags): readonly string[] {
  try {
    return Object.keys(tags);
  } catch {
    return [];
  }
}

function isPlain(tags: unknown): tags is MetricTags {
  return typeof tags === "object" && tags !== null && !Array.isArray(tags);
}
