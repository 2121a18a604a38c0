import type { AgentRecords } from "./agent-records.ts";
import { describeRecords } from "./describe-records.ts";

/** How long to wait. */
export interface WaitOptions {
  /**
   * Milliseconds until the wait is given up, at most 2147483647.
   * @default 5000
   */
  readonly timeoutMs?: number;
}

/** Says that what a test waited for did not arrive in time; the message lists what did. */
export class WaitTimeoutError extends Error {
  /** Class name as it stands in stacks and test reports. */
  override readonly name = "WaitTimeoutError";
}

/** What is waited for. */
export interface Wait {
  readonly description: string;
  holds(): boolean | Promise<boolean>;
  /** Aborted when the agent stops. */
  readonly stopped: AbortSignal;
}

const longestTimerMs = 2 ** 31 - 1;

/**
 * Waits until a condition holds, looking after every payload and datagram.
 *
 * @throws WaitTimeoutError when time is up or the agent stops.
 * @throws RangeError for a time that is no timer could wait for.
 */
export async function waitForRecords(
  records: AgentRecords,
  wait: Wait,
  { timeoutMs = 5000 }: WaitOptions,
): Promise<void> {
  if (!(timeoutMs >= 0 && timeoutMs <= longestTimerMs)) {
    throw new RangeError(
      `waitFor: timeoutMs must be from 0 to ${longestTimerMs}, not ${timeoutMs}`,
    );
  }
  const changes = watchRecords(records, timeoutMs, wait.stopped);
  try {
    while (!(await wait.holds())) {
      const outcome = await changes.next();
      if (outcome === "change") continue;
      const why = outcome === "timeout" ? `gave up after ${timeoutMs} ms` : "the agent was stopped";
      throw new WaitTimeoutError(
        `waited for ${wait.description}: ${why}.\n${describeRecords(records)}`,
      );
    }
  } finally {
    changes.close();
  }
}

type Outcome = "change" | "timeout" | "stopped";

/** Reports changes one after the other; a change while nobody waits is reported by the next call. */
function watchRecords(
  records: AgentRecords,
  timeoutMs: number,
  stopped: AbortSignal,
): { next(): Promise<Outcome>; close(): void } {
  let pending: Outcome | undefined = stopped.aborted ? "stopped" : undefined;
  let wake: (outcome: Outcome) => void = () => {};
  const report = (outcome: Outcome) => {
    // The end must not be overwritten by a later change.
    if (pending === undefined || pending === "change") pending = outcome;
    wake(pending);
  };
  const onStop = () => report("stopped");
  const unlisten = records.listen(() => report("change"));
  // Not unref'd: someone awaits this, and the process must not end before they know.
  const timer = setTimeout(() => report("timeout"), timeoutMs);
  stopped.addEventListener("abort", onStop, { once: true });
  return {
    next: async () => {
      const outcome =
        pending ??
        (await new Promise<Outcome>((resolve) => {
          wake = resolve;
        }));
      if (outcome === "change") pending = undefined;
      return outcome;
    },
    close: () => {
      clearTimeout(timer);
      unlisten();
      stopped.removeEventListener("abort", onStop);
    },
  };
}
