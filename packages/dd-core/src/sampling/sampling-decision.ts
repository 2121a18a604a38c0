import type { BackendContextDescription, SamplingDecision } from "../dd-trace/tracer-backend.ts";

/**
 * Why a trace is kept or dropped: nobody has decided yet; another process has; the sample rate, a sampling rule or a
 * limit per second has; the Agent has asked for a rate; it holds an LLM span, an agent span or an error; somebody has
 * said so on a span.
 */
export type SamplingReason =
  | "undecided"
  | "parent"
  | "rate"
  | "rule"
  | "limit"
  | "agent_rate"
  | "llm"
  | "agent"
  | "error"
  | "manual";

/** What has been decided about a trace. */
export interface TraceDecision {
  /** `undefined` until it is decided, which happens when the trace is sent or its context is written to a carrier. */
  readonly isKept: boolean | undefined;
  /** Datadog's sampling priority: -1, 0, 1 or 2. */
  readonly priority: number | undefined;
  /** The probability by which this process has decided, 0 to 1. */
  readonly rate: number | undefined;
  /** What has decided it, such as the parent, a rule or the rate. */
  readonly reason: SamplingReason;
}

/** dd-trace's names for who has decided (`constants.js`, SAMPLING_MECHANISM). */
const mechanisms = { default: 0, agent: 1, manual: 4 } as const;

/** Whether somebody has decided by hand. */
export function isManual(mechanism: unknown): boolean {
  return mechanism === mechanisms.manual;
}

/**
 * Reads a decision together with what is known here about its cause.
 *
 * @param sampleRate The rate for traces that no rule matches.
 * @param cause Why this client has kept the trace, if it has.
 */
export function describeDecision(
  { mechanism }: SamplingDecision,
  { samplingPriority: priority, samplingRate: rate }: BackendContextDescription,
  sampleRate: number,
  cause: SamplingReason | undefined,
): TraceDecision {
  const isKept = priority === undefined ? undefined : priority > 0;
  const reason = (): SamplingReason => {
    if (priority === undefined) return cause ?? "undecided";
    if (isManual(mechanism)) return cause ?? "manual";
    if (typeof mechanism !== "number") return "parent";
    if (mechanism === mechanisms.default || mechanism === mechanisms.agent) return "agent_rate";
    if (rate === undefined) return "limit";
    return rate === sampleRate ? "rate" : "rule";
  };
  return { isKept, priority, rate, reason: reason() };
}
