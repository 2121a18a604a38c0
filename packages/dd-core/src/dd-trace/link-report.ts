import type { LinkHealth } from "../agent-link/health-probe.ts";
import type { LinkCounts } from "../agent-link/link-counts.ts";

/** How the delivery to the Agent stands. */
export interface LinkReport extends LinkHealth, LinkCounts {
  /** Finished spans and events that dd-trace holds, and that are not yet part of `accepted`. */
  readonly encoding: number;
}
