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
 * @param now Counts as the end of what is still open.
 */
export function criticalPath(root: Activity, now: number): CriticalPathSegment[] {
  const segments: CriticalPathSegment[] = [];
  followBack(root, now, ({ kind, name, agent }, durationMs) => {
    segments.push({ kind, name, agent, durationMs });
  });
  return segments.reverse();
}

/** The names on the critical path alone, in the order of time, at most `limit`. */
export function criticalPathNames(root: Activity, now: number, limit: number): string[] {
  const names: string[] = [];
  followBack(root, now, ({ name }) => names.push(name));
  return names.reverse().slice(0, limit);
}

/** How long `root` took without the waits that held it up (ms). */
export function activeDuration(root: Activity, now: number): number {
  let active = 0;
  followBack(root, now, ({ kind }, durationMs) => {
    if (kind !== "wait") active += durationMs;
  });
  return active;
}

/**
 * Goes backwards from the end of `root`: whatever ended last is what was waited for, until it began. Time in which
 * nothing inside ran belongs to the activity itself.
 */
function followBack(
  root: Activity,
  now: number,
  visit: (activity: Activity, durationMs: number) => unknown,
): void {
  const walk = (activity: Activity, from: number, until: number): void => {
    let cursor = until;
    const children = byEnd(activity.children, now);
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      if (child === undefined) continue;
      const start = Math.max(child.start, from);
      const end = Math.min(child.end ?? now, cursor);
      if (end <= start) continue;
      if (cursor > end) visit(activity, cursor - end);
      walk(child, start, end);
      cursor = start;
    }
    if (cursor > from) visit(activity, cursor - from);
  };
  walk(root, root.start, root.end ?? now);
}

/** What was begun one after the other is in the order of its ends already. */
function byEnd(activities: readonly Activity[], now: number): readonly Activity[] {
  let latest = Number.NEGATIVE_INFINITY;
  for (const activity of activities) {
    const end = activity.end ?? now;
    if (end < latest) {
      return activities.toSorted((left, right) => (left.end ?? now) - (right.end ?? now));
    }
    latest = end;
  }
  return activities;
}
