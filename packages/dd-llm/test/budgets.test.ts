import { ConfigurationError } from "@llmdevops/dd-core";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { BudgetLedger } from "../src/cost/budget-ledger.ts";
import { type CostBudget, periodAt, resolveBudgets } from "../src/cost/cost-budget.ts";
import { gpt4o, testClient } from "./support/clients.ts";
import { testFoundation } from "./support/foundation.ts";

const day = Date.UTC(2026, 10, 21);

function ledger(budgets: CostBudget[], clock = { now: day }) {
  const { diagnostics } = testFoundation();
  const book = new BudgetLedger(resolveBudgets(budgets), diagnostics, () => clock.now);
  return { book, clock, faults: () => diagnostics.counts() };
}

const team = (value: string) => () => value;

describe("callbacks", () => {
  test("come once per value and period, the warning first", () => {
    const onWarning = vi.fn();
    const onLimit = vi.fn();
    const { book } = ledger([{ name: "b", limitUsd: 1, tag: "team", onWarning, onLimit }]);

    expect(book.spend(0.79, team("a"))).toEqual([]);
    expect(onWarning).not.toHaveBeenCalled();
    expect(book.spend(0.01, team("a"))).toEqual([]);
    expect(onWarning).toHaveBeenCalledOnce();
    expect(book.spend(0.2, team("a"))).toEqual(["b"]);
    expect(book.spend(5, team("a"))).toEqual(["b"]);
    expect(onWarning).toHaveBeenCalledOnce();
    expect(onLimit.mock.calls).toEqual([
      [{ budget: "b", value: "a", spentUsd: 1, limitUsd: 1, periodEnd: day + 86_400_000 }],
    ]);
    expect(book.spend(0.1, team("other"))).toEqual([]);
  });

  test("come again in the next period", () => {
    const onLimit = vi.fn();
    const { book, clock } = ledger([{ name: "b", limitUsd: 1, onLimit }]);

    book.spend(1, () => undefined);
    clock.now += 86_400_000;
    expect(book.status("b")?.spentUsd).toBe(0);
    book.spend(1, () => undefined);

    expect(onLimit).toHaveBeenCalledTimes(2);
  });

  test("that fail, now or later, are counted", async () => {
    const { book, faults } = ledger([
      {
        name: "a",
        limitUsd: 1,
        onLimit: () => {
          throw new Error("no");
        },
      },
      {
        name: "b",
        limitUsd: 1,
        onLimit: async () => {
          throw new Error("no");
        },
      },
    ]);

    book.spend(2, () => undefined);
    await Promise.resolve();
    await Promise.resolve();

    expect(faults()["budget_callback_failed"]).toBe(2);
  });
});

test("a call without the tag does not count", () => {
  const { book } = ledger([{ name: "b", limitUsd: 1, tag: "team" }]);

  expect(book.spend(5, () => undefined)).toEqual([]);
  expect(book.status("b", "a")?.spentUsd).toBe(0);
});

test("nothing is lost in adding up", () => {
  const { book } = ledger([{ name: "b", limitUsd: 1 }]);
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000)), (amounts) => {
      const before = Math.round((book.status("b")?.spentUsd ?? 0) * 1e9);
      for (const nano of amounts) book.spend(nano / 1e9, () => undefined);
      const after = Math.round((book.status("b")?.spentUsd ?? 0) * 1e9);
      expect(after - before).toBe(amounts.reduce((sum, nano) => sum + nano, 0));
    }),
  );
});

test("10,000 values are kept, the ones that spent longest ago are forgotten and counted", () => {
  const { book, faults } = ledger([{ name: "b", limitUsd: 1, tag: "team" }]);

  for (let index = 0; index <= 10_000; index += 1) {
    book.spend(0.1, team(`t${index}`));
    if (index === 5) book.spend(0.1, team("t0"));
  }

  expect(faults()["budget_value_forgotten"]).toBe(1);
  expect(book.status("b", "t0")?.spentUsd).toBe(0.2);
  expect(book.status("b", "t1")?.spentUsd).toBe(0);
});

test("a month begins and ends in UTC", () => {
  expect(periodAt(Date.UTC(2026, 1, 28, 23, 59), "month")).toEqual({
    start: Date.UTC(2026, 1, 1),
    end: Date.UTC(2026, 2, 1),
  });
  expect(periodAt(day + 5, "hour")).toEqual({ start: day, end: day + 3_600_000 });
  expect(periodAt(day + 2_500, 1_000)).toEqual({ start: day + 2_000, end: day + 3_000 });
});

test.for([
  ["no list", {}],
  ["no object", [5]],
  ["no name", [{ limitUsd: 1 }]],
  ["a limit of 0", [{ name: "b", limitUsd: 0 }]],
  ["a warning above 1", [{ name: "b", limitUsd: 1, warnAt: 1.1 }]],
  ["an unknown period", [{ name: "b", limitUsd: 1, period: "year" }]],
  ["a period below a second", [{ name: "b", limitUsd: 1, period: 999 }]],
  ["an empty tag", [{ name: "b", limitUsd: 1, tag: "" }]],
  ["a callback that is none", [{ name: "b", limitUsd: 1, onLimit: 5 }]],
  [
    "the same name twice",
    [
      { name: "b", limitUsd: 1 },
      { name: "b", limitUsd: 2 },
    ],
  ],
] as const)("%s is refused", ([, budgets]) => {
  expect(() => resolveBudgets(budgets as never)).toThrow(ConfigurationError);
});

test("calls beyond the limit say so on span and metrics, by team, session and user", () => {
  const { llm, sink } = testClient({
    budgets: [
      { name: "team", limitUsd: 0.002, tag: "team" },
      { name: "session", limitUsd: 0.001, tag: "session" },
      { name: "user", limitUsd: 100, tag: "user" },
    ],
  });
  const call = () => {
    const span = llm.startLLMSpan("llm.request", {
      ...gpt4o,
      metricTags: { team: "search" },
      sessionId: "s",
      userId: "u",
    });
    span.setUsage({ inputTokens: 400, outputTokens: 0 }).finish();
    return span.getTag("llm.budget_exceeded");
  };

  expect(call()).toBe("session");
  expect(call()).toBe("team,session");
  expect(llm.budgetStatus("user", "u")?.spentUsd).toBe(0.002);
  expect(llm.budgetStatus("nobody")).toBeUndefined();
  expect(sink.named("llm.budget.exceeded")).toHaveLength(3);
});
