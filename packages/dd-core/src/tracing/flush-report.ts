import type { LinkReport } from "../dd-trace/link-report.ts";
import type { SpanEnvironment } from "../span/span-environment.ts";
import type { SpanTotals } from "./span-totals.ts";

/** What a flush did. */
export interface FlushReport {
  /** `true` when everything that was finished has been handed to the Agent in time. */
  readonly complete: boolean;
  /** How long it took (ms). */
  readonly durationMs: number;
  /** Spans still open; they are not part of a flush. */
  readonly openSpans: number;
  /** How the delivery to the Agent stands afterwards; `undefined` without a link to the Agent. */
  readonly link: LinkReport | undefined;
}

/** The state of one client, for a health endpoint. */
export interface HealthReport {
  /** Whether spans are recorded; `unavailable` where dd-trace cannot be used. */
  readonly tracing: "active" | "disabled" | "unavailable";
  /** Address of the Agent's trace receiver. */
  readonly agentUrl: string;
  /** How many spans there have been, since start. */
  readonly spans: {
    /** Started since the client was made. */
    readonly created: number;
    /** Ended by the application or by their time limit. */
    readonly finished: number;
    /** Started and not yet finished. */
    readonly open: number;
    /** Ended by their time limit; part of `finished`. */
    readonly timedOut: number;
  };
  /** Where all spans are; `created = open + buffered + exported + dropped`. */
  readonly totals: SpanTotals;
  /** How the delivery to the Agent stands; `undefined` where dd-trace is absent, off, or sends by itself. */
  readonly link: LinkReport | undefined;
  /** The services that spans have named as `peer.service`, to compare with those that `defineService` declares. */
  readonly dependencies: readonly string[];
  /** Faults and refusals by reason, since start. */
  readonly faults: Readonly<Record<string, number>>;
  /** The newest fault with its time (ms since the epoch); `undefined` while there was none. */
  readonly lastError:
    | {
        /** What happened, in words. */
        readonly message: string;
        /** When it happened (ms since the epoch). */
        readonly time: number;
      }
    | undefined;
}

/** Hands everything that is finished to the Agent; never rejects. @param timeoutMs Most that it may take (ms). */
export async function flushSpans(
  { backend, diagnostics, accounting }: SpanEnvironment,
  timeoutMs: number,
): Promise<FlushReport> {
  const start = performance.now();
  let complete = false;
  try {
    complete = await backend.flush(timeoutMs);
  } catch {
    diagnostics.count("flush_failed");
  }
  if (!complete) diagnostics.count("flush_incomplete");
  const durationMs = performance.now() - start;
  const outcome = complete ? "everything was taken" : "not everything was taken";
  diagnostics.info(`Flushed in ${Math.round(durationMs)} ms: ${outcome}.`);
  return {
    complete,
    durationMs,
    openSpans: accounting.counts().open,
    link: backend.linkHealth(),
  };
}
