import { refused } from "@llmdevops/dd-core/options";
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
  if (!Array.isArray(budgets)) {
    throw refused({ option: "budgets", expected: "a list", given: budgets });
  }
  const resolved = budgets.map(resolveBudget);
  const names = new Set<string>();
  for (const { name } of resolved) {
    if (names.has(name)) {
      throw refused({ option: "budgets", expected: "a list of different names", given: name });
    }
    names.add(name);
  }
  return resolved;
}

function resolveBudget(budget: CostBudget, index: number): ResolvedBudget {
  const option = `budgets[${index}]`;
  if (!isRecord(budget)) throw refused({ option, expected: "an object", given: budget });
  const { name, limitUsd, warnAt = 0.8, period = "day", tag, onWarning, onLimit } = budget;
  const check = (isValid: boolean, field: string, expected: string, given: unknown) => {
    const isOptional = field !== "name" && field !== "limitUsd";
    if (!isValid) throw refused({ option: `${option}.${field}`, expected, given, isOptional });
  };
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  const isShare = Number.isFinite(warnAt) && warnAt > 0 && warnAt <= 1;
  const isLength = typeof period === "number" && period >= shortestPeriodMs && period < 1e13;
  check(isText(name), "name", "a text that is not empty", name);
  check(Number.isFinite(limitUsd) && limitUsd > 0, "limitUsd", "a number above 0 (USD)", limitUsd);
  check(isShare, "warnAt", "a number above 0 and at most 1", warnAt);
  check(
    isLength || periods.includes(period),
    "period",
    `hour, day, month or at least ${shortestPeriodMs} ms`,
    period,
  );
  check(tag === undefined || isText(tag), "tag", "a text that is not empty", tag);
  for (const [field, callback] of Object.entries({ onWarning, onLimit })) {
    const isCallback = callback === undefined || typeof callback === "function";
    check(isCallback, field, "a function", callback);
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
