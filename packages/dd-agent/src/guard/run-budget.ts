import { refused } from "@llmdevops/dd-core/options";
import type { BudgetViolation } from "./budget-violation.ts";

/** Limits of one run in this process, that of the outermost agent and all below it. */
export interface RunBudget {
  /** Steps, tool calls and waits, at least 1. @default no limit */
  readonly maximumSteps?: number;
  /** Agents below each other, the outermost one included, at least 1. @default no limit */
  readonly maximumDepth?: number;
  /** At least 1. @default no limit */
  readonly maximumToolCalls?: number;
  /** Input and output tokens together, at least 1. @default no limit */
  readonly maximumTokens?: number;
  /** US dollars, above 0. @default no limit */
  readonly maximumCostUsd?: number;
  /** Wall time with waits (ms), from 1 to 2,147,483,647. @default no limit */
  readonly maximumDurationMs?: number;
  /** How often an agent may call the same tool with the same arguments, at least 1. @default no limit */
  readonly maximumIdenticalToolCalls?: number;
  /** How many hand-offs in a row may go on between the same two agents, at least 1. @default no limit */
  readonly maximumAlternatingHandoffs?: number;
  /**
   * What happens beyond a limit: `warn` marks spans and counts; `abort` also aborts the `signal` of the run's agents.
   * @default "warn"
   */
  readonly action?: "warn" | "abort";
  /** Called once per limit and run; what it throws is counted. */
  readonly onViolation?: (violation: BudgetViolation) => void;
}

/** The limits, each a number: infinity where there is none. */
export interface ResolvedBudget {
  readonly limits: Readonly<Record<LimitName, number>>;
  readonly aborts: boolean;
  readonly onViolation: ((violation: BudgetViolation) => void) | undefined;
}

type LimitName = Exclude<keyof RunBudget, "action" | "onViolation">;

const limitNames: readonly LimitName[] = [
  "maximumSteps",
  "maximumDepth",
  "maximumToolCalls",
  "maximumTokens",
  "maximumCostUsd",
  "maximumDurationMs",
  "maximumIdenticalToolCalls",
  "maximumAlternatingHandoffs",
];
/** The longest time that Node's timers take. */
const longestTimerMs = 2_147_483_647;

/**
 * Checks a budget.
 *
 * @param option What errors call it. @default "budget"
 * @throws {ConfigurationError} When a limit is out of its range.
 */
export function resolveBudget(budget: RunBudget, option: string = "budget"): ResolvedBudget {
  if (typeof budget !== "object" || budget === null) {
    throw refused({ option, expected: "an object", given: budget });
  }
  const { action = "warn", onViolation } = budget;
  if (action !== "warn" && action !== "abort") {
    throw refused({ option: `${option}.action`, expected: '"warn" or "abort"', given: action });
  }
  if (onViolation !== undefined && typeof onViolation !== "function") {
    const expected = "a function";
    throw refused({ option: `${option}.onViolation`, expected, given: onViolation });
  }
  const limits = Object.fromEntries(
    limitNames.map((name) => [name, limitOf(budget[name], name, `${option}.${name}`)]),
  );
  return { limits: limits as Record<LimitName, number>, aborts: action === "abort", onViolation };
}

function limitOf(limit: unknown, name: LimitName, option: string): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  const isCost = name === "maximumCostUsd";
  const maximum = name === "maximumDurationMs" ? longestTimerMs : Number.MAX_VALUE;
  const isValid =
    typeof limit === "number" && limit <= maximum && (isCost ? limit > 0 : limit >= 1);
  if (isValid) return limit;
  const range = isCost ? "above 0" : `from 1${maximum === longestTimerMs ? ` to ${maximum}` : ""}`;
  throw refused({ option, expected: `a number ${range}`, given: limit });
}
