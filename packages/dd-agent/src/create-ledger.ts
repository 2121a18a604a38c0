import { type AgentEnvironment, callApplication } from "./agent-environment.ts";
import type { BudgetViolation } from "./guard/budget-violation.ts";
import { type ResolvedBudget, type RunBudget, resolveBudget } from "./guard/run-budget.ts";
import { RunGuard } from "./guard/run-guard.ts";
import { RunLedger } from "./run/run-ledger.ts";

/** Makes what the agents of a new run share, with a guard where the run has limits. */
export function createLedger(
  environment: AgentEnvironment,
  runId: string,
  rootAgent: string,
  ownBudget: RunBudget | undefined,
): RunLedger {
  const budget = budgetOf(environment, ownBudget);
  if (budget === undefined) return new RunLedger(undefined);
  const guard = new RunGuard(budget, runId, rootAgent, (violation) =>
    reportViolation(environment, ledger, budget, violation),
  );
  const ledger = new RunLedger(guard);
  return ledger;
}

function budgetOf(
  environment: AgentEnvironment,
  budget: RunBudget | undefined,
): ResolvedBudget | undefined {
  if (budget === undefined) return environment.budget;
  try {
    return resolveBudget(budget);
  } catch {
    environment.tracing.diagnostics.count("agent_budget_invalid");
    return environment.budget;
  }
}

/** Marks the outermost span, counts, and tells the application. */
function reportViolation(
  { metrics, tracing }: AgentEnvironment,
  ledger: RunLedger,
  { onViolation }: ResolvedBudget,
  violation: BudgetViolation,
): void {
  const { agentName, reason, limit, actual, subject } = violation;
  const { root } = ledger;
  // A limit may also be passed by what goes on after the end of the outermost agent.
  if (root?.finished === false) {
    root.setTag("agent.budget.violations", ledger.guard?.reasons.join(","));
    root.addEvent("agent.budget_violation", { reason, limit, actual, agent: agentName, subject });
  }
  metrics.increment("agent.budget.violation", 1, { agent: agentName, reason });
  if (onViolation !== undefined) callApplication(tracing.diagnostics, () => onViolation(violation));
}
