/** What an agent was doing: running itself, a step, a tool call, a model call, or waiting for something. */
export type ActivityKind = "agent" | "step" | "tool" | "model" | "wait";

/** Something an agent did, with its place in the run. Times are readings of `performance.now()` (ms). */
export interface Activity {
  readonly kind: ActivityKind;
  readonly name: string;
  readonly agent: string;
  start: number;
  end: number | undefined;
  readonly children: Activity[];
}

/** A stretch of the critical path: the chain of activities that decided how long the run took. */
export interface CriticalPathSegment {
  /** What was done. */
  readonly kind: ActivityKind;
  /** Name of the agent, step, tool, model or wait. */
  readonly name: string;
  /** Name of the agent that did it. */
  readonly agent: string;
  /** The part of it that nothing inside it accounts for (ms); one activity may have several segments. */
  readonly durationMs: number;
}

/**
 * The activities that decided how long `root` took, in the order of time; their durations add up to its own.
 *
 * Goes backwards from the end: whatever ended last is what was waited for, until it began. Time in which nothing
 * inside ran belongs to the activity itself.
 *
 * @param now Counts as the end of what is still open.
 */
export function criticalPath(root: Activity, now: number): CriticalPathSegment[] {
  const segments: CriticalPathSegment[] = [];
  const add = ({ kind, name, agent }: Activity, durationMs: number) => {
    if (durationMs > 0) segments.push({ kind, name, agent, durationMs });
  };
  const endOf = (activity: Activity) => activity.end ?? now;
  const walk = (activity: Activity, from: number, until: number): void => {
    let cursor = until;
    const children = byEnd(activity.children, endOf);
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      if (child === undefined) continue;
      const start = Math.max(child.start, from);
      const end = Math.min(endOf(child), cursor);
      if (end <= start) continue;
      add(activity, cursor - end);
      walk(child, start, end);
      cursor = start;
    }
    add(activity, cursor - from);
  };
  walk(root, root.start, endOf(root));
  return segments.reverse();
}

/** How long `root` took without the waits that held it up (ms). */
export function activeDuration(root: Activity, now: number): number {
  let active = 0;
  for (const { kind, durationMs } of criticalPath(root, now))
    if (kind !== "wait") active += durationMs;
  return active;
}

/** What was begun one after the other is in the order of its ends already. */
function byEnd(
  activities: readonly Activity[],
  endOf: (activity: Activity) => number,
): readonly Activity[] {
  let latest = Number.NEGATIVE_INFINITY;
  for (const activity of activities) {
    const end = endOf(activity);
    if (end < latest) return [...activities].sort((a, b) => endOf(a) - endOf(b));
    latest = end;
  }
  return activities;
}
