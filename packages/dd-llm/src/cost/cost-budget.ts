import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord } from "../formats/unknown-record.ts";

/** How a budget stands for one value of its tag. */
export interface BudgetStatus {
  /** Name of the budget. */
  readonly budget: string;
  /** The value of the budget's tag; `undefined` for a budget of all calls. */
  readonly value: string | undefined;
  /** What priced calls of this process have cost in the current period (USD). */
  readonly spentUsd: number;
  /** The budget's limit (USD). */
  readonly limitUsd: number;
  /** When the period ends and spending begins anew (ms since the epoch). */
  readonly periodEnd: number;
}

/** A limit for what model calls may cost; it is reported, never enforced: that is for the application to decide. */
export interface CostBudget {
  /** Names the budget in callbacks, tags and metrics, for example `team-daily`. */
  readonly name: string;
  /** Most that is to be spent in a period (USD, more than 0). */
  readonly limitUsd: number;
  /** The part of the limit at which the warning comes (more than 0, at most 1). @default 0.8 */
  readonly warnAt?: number;
  /** Spending is counted anew in each, in UTC; a number is a length (ms, at least 1000). @default "day" */
  readonly period?: "hour" | "day" | "month" | number;
  /** Counts each value of this span tag for itself, for example `team`; `session` and `user` are the call's own. @default all calls together */
  readonly tag?: string;
  /** Called once per value and period, when the warning is reached. @default nothing */
  readonly onWarning?: (status: BudgetStatus) => void;
  /** Called once per value and period, when the limit is reached. @default nothing */
  readonly onLimit?: (status: BudgetStatus) => void;
}

/** A budget with its defaults. */
export interface ResolvedBudget {
  readonly name: string;
  readonly limitUsd: number;
  readonly warnAt: number;
  readonly period: "hour" | "day" | "month" | number;
  readonly tag: string | undefined;
  readonly onWarning: ((status: BudgetStatus) => void) | undefined;
  readonly onLimit: ((status: BudgetStatus) => void) | undefined;
}

const periods: readonly unknown[] = ["hour", "day", "month"];
const shortestPeriodMs = 1_000;

/** @throws {ConfigurationError} When a budget is wrong, or two have the same name. */
export function resolveBudgets(budgets: readonly CostBudget[]): ResolvedBudget[] {
  if (!Array.isArray(budgets)) throw new ConfigurationError("The option budgets must be a list.");
  const resolved = budgets.map(resolveBudget);
  if (new Set(resolved.map(({ name }) => name)).size < resolved.length) {
    throw new ConfigurationError("The names of the option budgets must differ.");
  }
  return resolved;
}

function resolveBudget(budget: CostBudget): ResolvedBudget {
  if (!isRecord(budget))
    throw new ConfigurationError("Each of the option budgets must be an object.");
  const { name, limitUsd, warnAt = 0.8, period = "day", tag, onWarning, onLimit } = budget;
  const refuse = (what: string): never => {
    throw new ConfigurationError(`The budget "${String(name)}" in budgets must have ${what}.`);
  };
  if (typeof name !== "string" || name === "") refuse("a name");
  if (!(Number.isFinite(limitUsd) && limitUsd > 0)) refuse("a limitUsd above 0");
  if (!(Number.isFinite(warnAt) && warnAt > 0 && warnAt <= 1)) {
    refuse("a warnAt above 0 and at most 1");
  }
  const isLength = typeof period === "number" && period >= shortestPeriodMs && period < 1e13;
  if (!isLength && !periods.includes(period)) {
    refuse(`a period of hour, day, month or at least ${shortestPeriodMs} ms`);
  }
  if (tag !== undefined && (typeof tag !== "string" || tag === "")) refuse("a tag that is text");
  for (const callback of [onWarning, onLimit]) {
    if (callback !== undefined && typeof callback !== "function")
      refuse("callbacks that are functions");
  }
  return { name, limitUsd, warnAt, period, tag, onWarning, onLimit };
}

/** The period that a time is in: from `start` on, until before `end` (ms since the epoch). */
export function periodAt(
  time: number,
  period: ResolvedBudget["period"],
): { readonly start: number; readonly end: number } {
  if (period === "month") {
    const date = new Date(time);
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth();
    return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
  }
  const length = period === "hour" ? 3_600_000 : period === "day" ? 86_400_000 : period;
  const start = Math.floor(time / length) * length;
  return { start, end: start + length };
}
