import type { AgentRecordKind, AgentRecordKinds, AgentRecords } from "./agent-records.ts";
import { groupTraces, type ReceivedTrace } from "./traces/group-traces.ts";

/** What a record of each kind is. */
export type WaitableKinds = AgentRecordKinds & {
  /** The spans of one trace. */
  readonly traces: ReceivedTrace;
};

/**
 * What to wait for, by kind: a number of records that arrived, kept or discarded, or a predicate that one record has to satisfy.
 * Several kinds must all be satisfied.
 */
export type WaitCondition = {
  readonly [Kind in keyof WaitableKinds]?: number | ((record: WaitableKinds[Kind]) => boolean);
};

/**
 * Whether everything a condition asks for has arrived.
 *
 * @throws whatever a predicate of the caller throws.
 */
export function isSatisfied(condition: WaitCondition, records: AgentRecords): boolean {
  return Object.entries(condition).every(([kind, wanted]) => {
    if (typeof wanted === "number") return arrived(kind, records) >= wanted;
    if (wanted === undefined) return true;
    return recordsOf(kind, records).some((record) =>
      (wanted as (record: unknown) => boolean)(record),
    );
  });
}

/**
 * Describes a condition for an error message.
 *
 * @throws TypeError for an unknown kind or a value that is neither a number nor a function: such a
 *   condition could never be judged.
 */
export function describeCondition(condition: WaitCondition, records: AgentRecords): string {
  const known = [...Object.keys(records.counts()), "traces"];
  const parts = Object.entries(condition).flatMap(([kind, wanted]) => {
    if (!known.includes(kind)) {
      throw new TypeError(`waitFor: unknown kind ${kind}; known are ${known.join(", ")}`);
    }
    if (wanted === undefined) return [];
    if (typeof wanted === "function") return [`${kind} matching a predicate`];
    if (typeof wanted === "number") return [`${wanted} ${kind}`];
    throw new TypeError(`waitFor: ${kind} must be a number or a function`);
  });
  return parts.join(" and ");
}

function arrived(kind: string, records: AgentRecords): number {
  return kind === "traces"
    ? recordsOf(kind, records).length
    : records.arrived(kind as AgentRecordKind);
}

function recordsOf(kind: string, records: AgentRecords): readonly unknown[] {
  return kind === "traces"
    ? groupTraces(records.values("spans"))
    : records.values(kind as AgentRecordKind);
}
