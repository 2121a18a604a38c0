import type { LinkReport } from "../dd-trace/link-report.ts";
import type { SpanCounts } from "../span/span-accounting.ts";

/**
 * Where the spans of the process are: `created = open + buffered + exported + dropped` at any moment.
 *
 * It holds for a process whose spans all come from one client; spans that others start with the same dd-trace are
 * delivered by the same link and counted as `foreign`, as soon as they show.
 */
export interface SpanTotals {
  /** Spans started since the client was made. */
  readonly created: number;
  /** Started and not finished. */
  readonly open: number;
  /** Finished: waiting for the rest of their trace, encoded, or in the link's memory or spool. */
  readonly buffered: number;
  /** Taken by the Agent, or handed over to it completely without an answer. */
  readonly exported: number;
  /** Let go, for a reason that is counted; all of them where tracing is off or dd-trace is absent. */
  readonly dropped: number;
  /** Spans of the same dd-trace that this client has not started, as far as they show. */
  readonly foreign: number;
}

/** Adds up what the client and the link count. */
export function spanTotals(
  { created, finished, open }: SpanCounts,
  link: LinkReport | undefined,
  isRecording: boolean,
): SpanTotals {
  if (link === undefined) {
    // Without a link dd-trace takes the spans and says nothing about them afterwards.
    const [exported, dropped] = isRecording ? [finished, 0] : [0, finished];
    return { created, open, buffered: 0, exported, dropped, foreign: 0 };
  }
  const { exported, dropped } = link.spans;
  const foreign = Math.max(0, exported + dropped - finished);
  const buffered = finished + foreign - exported - dropped;
  return { created: created + foreign, open, buffered, exported, dropped, foreign };
}
