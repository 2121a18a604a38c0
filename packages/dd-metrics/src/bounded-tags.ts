import { isCacheable } from "./aggregation/tag-node.ts";
import { type CardinalityGuard, otherValue } from "./cardinality/cardinality-guard.ts";
import type { TagSettings } from "./metric-tags.ts";
import type { TagEntry } from "./tag-entries.ts";

/**
 * The tags with what would make too many series left out or replaced.
 *
 * @param metric The metric, or the scope, that they belong to.
 * @param isCounted Whether what stands for itself was counted where it was looked up; what has no end of values, for
 *   example a long text, is guarded and counted here in any case.
 */
export function boundedTags(
  tags: readonly TagEntry[],
  cardinality: CardinalityGuard,
  { guard, diagnostics }: TagSettings,
  metric: string,
  isCounted: boolean,
): readonly TagEntry[] {
  const entries: TagEntry[] = [];
  for (const [key, value] of tags) {
    if (value === undefined || value === null) continue;
    try {
      const standsForItself = isCacheable(value);
      const kept = standsForItself ? value : guard.value(key, value, "metrics");
      if (kept === undefined || kept === null) continue;
      const rule = cardinality.rule(key);
      const verdict =
        standsForItself && isCounted ? rule.verdict(kept) : cardinality.admit(rule, kept, metric);
      if (verdict !== "left_out") entries.push([key, verdict === "other" ? otherValue : kept]);
    } catch {
      diagnostics.count("metric_tags_invalid");
    }
  }
  return entries;
}
