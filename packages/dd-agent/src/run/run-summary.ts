import {
  type Activity,
  activeDuration,
  type CriticalPathSegment,
  criticalPath,
} from "./activity.ts";
import type { AgentOutcome } from "./agent-outcome.ts";
import type { RunLedger } from "./run-ledger.ts";
import { summarizeTally, type WorkSummary } from "./tally.ts";

/** What a run has done so far in this process: that of the agents below the outermost one, and of it itself. */
export interface RunSummary extends WorkSummary {
  /** Identifies the run, also across processes. */
  readonly runId: string;
  /** How the outermost agent ended; `undefined` while it runs. */
  readonly outcome: AgentOutcome | undefined;
  /** From the start of the outermost agent to its end, or until now (ms). */
  readonly durationMs: number;
  /** The same without the waits for people that held the run up (ms). */
  readonly activeMs: number;
  /** Reasons for which the guard has spoken up, in the order of time. */
  readonly violations: readonly string[];
  /** What each agent did, by name; the run is their sum. */
  readonly byAgent: Readonly<Record<string, WorkSummary>>;
  /** The activities that decided how long the run took; their durations add up to `durationMs`. */
  readonly criticalPath: readonly CriticalPathSegment[];
  /** Activities beyond the 2,000 that the critical path knows; their time counts for those around them. */
  readonly omittedActivities: number;
}

/** Sums up a run. */
export function summarizeRun(
  ledger: RunLedger,
  runId: string,
  root: Activity,
  outcome: AgentOutcome | undefined,
): RunSummary {
  const now = performance.now();
  return {
    runId,
    outcome,
    ...summarizeTally(ledger.total),
    durationMs: (root.end ?? now) - root.start,
    activeMs: activeDuration(root, now),
    violations: ledger.guard?.reasons ?? [],
    byAgent: Object.fromEntries(
      ledger.graph.agentTallies().map(([name, tally]) => [name, summarizeTally(tally)]),
    ),
    criticalPath: criticalPath(root, now),
    omittedActivities: ledger.omittedActivities,
  };
}
