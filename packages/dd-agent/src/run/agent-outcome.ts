/** How an agent's run ended. */
export type AgentOutcome =
  | "completed"
  | "failed"
  | "budget_exceeded"
  | "loop_detected"
  | "cancelled"
  | "handed_off";

const outcomes: ReadonlySet<unknown> = new Set<AgentOutcome>([
  "completed",
  "failed",
  "budget_exceeded",
  "loop_detected",
  "cancelled",
  "handed_off",
]);

/** Whether a value is one of the outcomes, which untyped code cannot know. */
export function isAgentOutcome(value: unknown): value is AgentOutcome {
  return outcomes.has(value);
}
