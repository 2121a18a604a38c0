import { DatadogAPMError } from "@llmdevops/dd-core";

/** Which limit was passed. */
export type ViolationReason =
  | "steps"
  | "depth"
  | "tool_calls"
  | "tokens"
  | "cost"
  | "duration"
  | "identical_tool_calls"
  | "alternating_handoffs";

/** A run has passed one of its limits. */
export interface BudgetViolation {
  /** Which limit of the `RunBudget` was passed: `steps` stands for `maximumSteps`, and so on. */
  readonly reason: ViolationReason;
  /**
   * `loop_detected` for identical tool calls and alternating hand-offs, `budget_exceeded` for the others; the outcome
   * of the run where the budget's action is `abort`.
   */
  readonly outcome: "budget_exceeded" | "loop_detected";
  /** The limit, in the unit of its option: a count, tokens, USD or ms. */
  readonly limit: number;
  /**
   * What it has come to, in the same unit; for `duration` the limit itself, since it is noticed when the time is up.
   */
  readonly actual: number;
  /** The run, as `runId` of its agent spans. */
  readonly runId: string;
  /** The agent that passed it. */
  readonly agentName: string;
  /** The tool that is called again and again, or the agent that is handed to. */
  readonly subject?: string;
}

/** Why the `signal` of a run was aborted; thrown only by code that asks the signal for it. */
export class AgentBudgetError extends DatadogAPMError {
  /** Which limit of which run was passed first. */
  readonly violation: BudgetViolation;

  /** Takes the limit that was passed; the message and the code follow from it. */
  constructor(violation: BudgetViolation) {
    const { reason, limit, actual, outcome } = violation;
    super(
      "AgentBudgetError",
      outcome === "loop_detected" ? "AGENT_LOOP_DETECTED" : "AGENT_BUDGET_EXCEEDED",
      false,
      `The run has passed its limit of ${limit} for ${reason.replaceAll("_", " ")}: ${actual}.`,
    );
    this.violation = violation;
  }

  /** Tells whether a value is such an error, also when another copy of the package made it. */
  static override isInstance(value: unknown): value is AgentBudgetError {
    return DatadogAPMError.isInstance(value) && value.name === "AgentBudgetError";
  }
}
