import type { AgentRecordKind, AgentRecordKinds, AgentRecords } from "./agent-records.ts";
import { groupTraces, type ReceivedTrace } from "./traces/group-traces.ts";

type WaitableKinds = AgentRecordKinds & { readonly traces: ReceivedTrace };

/**
 * What to wait for, by kind: a number of records, or a predicate that one record has to satisfy.
 * Several kinds must all be satisfied.
 */
export type WaitCondition = {
  readonly [Kind in keyof WaitableKinds]?: number | ((record: WaitableKinds[Kind]) => boolean);
};

/** How long to wait. */
export interface WaitOptions {
  /**
   * Milliseconds until the wait is given up.
   * @default 5000
   */
  readonly timeoutMs?: number;
}

/** Says that what a test waited for did not arrive in time; the message lists what did. */
export class WaitTimeoutError extends Error {
  override readonly name = "WaitTimeoutError";
}

/**
 * Whether everything a condition asks for has arrived.
 *
 * @throws whatever a predicate of the caller throws.
 */
export function isSatisfied(condition: WaitCondition, records: AgentRecords): boolean {
  return Object.entries(condition).every(([kind, wanted]) => {
    if (wanted === undefined) return true;
    const found = recordsOf(kind, records);
    return typeof wanted === "number"
      ? found.length >= wanted
      : found.some((record) => (wanted as (record: unknown) => boolean)(record));
  });
}

/**
 * Refuses a condition that could never be judged.
 *
 * @throws TypeError for an unknown kind or a value that is neither a number nor a function.
 */
export function checkCondition(condition: WaitCondition, records: AgentRecords): void {
  const known = [...Object.keys(records.counts()), "traces"];
  for (const [kind, wanted] of Object.entries(condition)) {
    if (!known.includes(kind)) {
      throw new TypeError(`waitFor: unknown kind ${kind}; known are ${known.join(", ")}`);
    }
    if (wanted !== undefined && typeof wanted !== "number" && typeof wanted !== "function") {
      throw new TypeError(`waitFor: ${kind} must be a number or a function`);
    }
  }
}

/** Describes a condition for an error message. */
export function describeCondition(condition: WaitCondition): string {
  return Object.entries(condition)
    .map(([kind, wanted]) =>
      typeof wanted === "number" ? `${wanted} ${kind}` : `${kind} matching a predicate`,
    )
    .join(" and ");
}

function recordsOf(kind: string, records: AgentRecords): readonly unknown[] {
  return kind === "traces"
    ? groupTraces(records.values("spans"))
    : records.values(kind as AgentRecordKind);
}
