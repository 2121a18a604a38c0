import type { LinkHealth } from "../agent-link/health-probe.ts";
import type { LinkCounts } from "../agent-link/link-counts.ts";

/** How the delivery to the Agent stands. */
export interface LinkReport extends LinkHealth, LinkCounts {
  /** Finished spans and events that dd-trace holds, and that are not yet part of `accepted`. */
  readonly encoding: number;
}

/** Adds the spans that never reached the link; to the application they are dropped like others. */
export function withSampledOut(counts: LinkCounts, spans: number): LinkCounts {
  if (spans === 0) return counts;
  return {
    ...counts,
    accepted: counts.accepted + spans,
    dropped: { ...counts.dropped, sampled_out: spans },
    spans: {
      ...counts.spans,
      accepted: counts.spans.accepted + spans,
      dropped: counts.spans.dropped + spans,
    },
  };
}
