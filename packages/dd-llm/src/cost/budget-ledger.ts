import type { Diagnostics } from "@llmdevops/dd-core";
import { type BudgetStatus, periodAt, type ResolvedBudget } from "./cost-budget.ts";

/** Values of one tag that are counted at the same time; beyond, the one that spent longest ago is forgotten. */
const maximumValues = 10_000;
const maximumValueLength = 200;

interface Spending {
  /** Whole nano-dollars, so that nothing is lost in adding up. */
  nanoDollars: number;
  periodStart: number;
  isWarned: boolean;
  isOver: boolean;
}

/** What calls have cost in the current period, by budget and value; memory is bounded. */
export class BudgetLedger {
  readonly #budgets: readonly ResolvedBudget[];
  readonly #diagnostics: Diagnostics;
  readonly #now: () => number;
  readonly #spending = new Map<string, Map<string, Spending>>();

  constructor(
    budgets: readonly ResolvedBudget[],
    diagnostics: Diagnostics,
    now: () => number = Date.now,
  ) {
    this.#budgets = budgets;
    this.#diagnostics = diagnostics;
    this.#now = now;
    for (const { name } of budgets) this.#spending.set(name, new Map());
  }

  /**
   * Adds the cost of a call to every budget that it belongs to.
   *
   * @param tagValue Gives the value of a tag; a call without it does not count towards the budget.
   * @returns The names of the budgets whose limit is reached. Never throws.
   */
  spend(usd: number, tagValue: (tag: string) => string | undefined): string[] {
    const reached: string[] = [];
    const nanoDollars = Math.round(usd * 1e9);
    for (const budget of this.#budgets) {
      const value =
        budget.tag === undefined ? "" : tagValue(budget.tag)?.slice(0, maximumValueLength);
      if (value === undefined) continue;
      const spending = this.#spendingOf(budget, value);
      spending.nanoDollars += nanoDollars;
      if (this.#report(budget, value, spending)) reached.push(budget.name);
    }
    return reached;
  }

  /** How a budget stands; `undefined` for one that does not exist. */
  status(name: string, value?: string): BudgetStatus | undefined {
    const budget = this.#budgets.find((known) => known.name === name);
    if (budget === undefined) return undefined;
    const key = budget.tag === undefined ? "" : String(value ?? "").slice(0, maximumValueLength);
    const known = this.#spending.get(name)?.get(key);
    const { start } = periodAt(this.#now(), budget.period);
    return this.#statusOf(budget, key, known?.periodStart === start ? known.nanoDollars : 0);
  }

  #spendingOf({ name, period }: ResolvedBudget, value: string): Spending {
    const byValue = this.#spending.get(name) ?? new Map<string, Spending>();
    const { start } = periodAt(this.#now(), period);
    const known = byValue.get(value);
    const isCurrent = known !== undefined && known.periodStart === start;
    const spending = isCurrent
      ? known
      : { nanoDollars: 0, periodStart: start, isWarned: false, isOver: false };
    // Last in the map is what has spent last.
    byValue.delete(value);
    byValue.set(value, spending);
    if (byValue.size > maximumValues) {
      const [oldest] = byValue.keys();
      if (oldest !== undefined) byValue.delete(oldest);
      this.#diagnostics.count("budget_value_forgotten");
    }
    return spending;
  }

  #report(budget: ResolvedBudget, value: string, spending: Spending): boolean {
    const spentUsd = spending.nanoDollars / 1e9;
    const status = () => this.#statusOf(budget, value, spending.nanoDollars);
    if (!spending.isWarned && spentUsd >= budget.limitUsd * budget.warnAt) {
      spending.isWarned = true;
      this.#call(budget.onWarning, status);
    }
    const isOver = spentUsd >= budget.limitUsd;
    if (isOver && !spending.isOver) {
      spending.isOver = true;
      this.#call(budget.onLimit, status);
    }
    return isOver;
  }

  #statusOf(budget: ResolvedBudget, value: string, nanoDollars: number): BudgetStatus {
    return {
      budget: budget.name,
      value: budget.tag === undefined ? undefined : value,
      spentUsd: nanoDollars / 1e9,
      limitUsd: budget.limitUsd,
      periodEnd: periodAt(this.#now(), budget.period).end,
    };
  }

  #call(
    callback: ((status: BudgetStatus) => unknown) | undefined,
    status: () => BudgetStatus,
  ): void {
    const failed = () => this.#diagnostics.count("budget_callback_failed");
    try {
      const result = callback?.(status());
      if (result instanceof Promise) result.catch(failed);
    } catch {
      failed();
    }
  }
}
