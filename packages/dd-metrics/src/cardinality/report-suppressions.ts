import type { Diagnostics, TagGuard } from "@llmdevops/dd-core";
import type { CardinalityGuard } from "./cardinality-guard.ts";

/** Counts what was suppressed since the last time, and says it once for each tag and metric. */
export function reportSuppressions(
  cardinality: CardinalityGuard,
  diagnostics: Diagnostics,
  guard: TagGuard,
): void {
  for (const { isFirst, calls, all } of cardinality.news()) {
    diagnostics.count(`metric_cardinality_${all.reason}`, calls);
    if (!isFirst) continue;
    const subject = guard.key(all.subject);
    diagnostics.warnOnce(
      `cardinality ${subject}`,
      `Metrics: ${subject} would make too many series (${all.reason}); about ${all.seriesSaved} were avoided so far. Use the options cardinality.allowedTags, maxValuesPerTag and maxSeriesPerMetric to change that.`,
    );
  }
}
