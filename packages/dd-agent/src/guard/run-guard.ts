import type { Tally } from "../run/tally.ts";
import { argumentFingerprint } from "./argument-fingerprint.ts";
import {
  AgentBudgetError,
  type BudgetViolation,
  type ViolationReason,
} from "./budget-violation.ts";
import type { ResolvedBudget } from "./run-budget.ts";

const maximumRememberedCalls = 256;

/** Watches the limits of one run. Nothing of it throws; each limit is reported once. */
export class RunGuard {
  readonly #budget: ResolvedBudget;
  readonly #runId: string;
  readonly #report: (violation: BudgetViolation) => void;
  readonly #violations: BudgetViolation[] = [];
  readonly #calls = new Map<string, number>();
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param report Told of each violation once, before the signal is aborted. */
  constructor(
    budget: ResolvedBudget,
    runId: string,
    rootAgent: string,
    report: (violation: BudgetViolation) => void,
  ) {
    this.#budget = budget;
    this.#runId = runId;
    this.#report = report;
    const limit = budget.limits.maximumDurationMs;
    if (limit === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#violate("duration", limit, limit, rootAgent), limit);
    this.#timer.unref();
  }

  /** Aborted where the budget's action is `abort` and a limit was passed. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      this.#abort();
    }
    return this.#controller.signal;
  }

  /** The violation that aborted the run. */
  get aborting(): BudgetViolation | undefined {
    return this.#budget.aborts ? this.#violations[0] : undefined;
  }

  /** The reasons of the violations so far. */
  get reasons(): ViolationReason[] {
    return this.#violations.map(({ reason }) => reason);
  }

  checkTotals(total: Readonly<Tally>, agentName: string): void {
    const { limits } = this.#budget;
    this.#check("steps", limits.maximumSteps, total.steps, agentName);
    this.#check("tool_calls", limits.maximumToolCalls, total.toolCalls, agentName);
    this.#check("tokens", limits.maximumTokens, total.inputTokens + total.outputTokens, agentName);
    this.#check("cost", limits.maximumCostUsd, total.costNanoUsd / 1e9, agentName);
  }

  checkDepth(depth: number, agentName: string): void {
    this.#check("depth", this.#budget.limits.maximumDepth, depth, agentName);
  }

  /** Notes a tool call; arguments too large to compare count as different from all others. */
  noteToolCall(agentName: string, tool: string, input: unknown): void {
    const limit = this.#budget.limits.maximumIdenticalToolCalls;
    if (limit === Number.POSITIVE_INFINITY) return;
    const fingerprint = argumentFingerprint(input);
    if (fingerprint === undefined) return;
    const key = `${agentName}\n${tool}\n${fingerprint}`;
    const count = (this.#calls.get(key) ?? 0) + 1;
    // The map keeps the calls that were met last.
    this.#calls.delete(key);
    this.#calls.set(key, count);
    const oldest =
      this.#calls.size > maximumRememberedCalls ? this.#calls.keys().next().value : undefined;
    if (oldest !== undefined) this.#calls.delete(oldest);
    this.#check("identical_tool_calls", limit, count, agentName, tool);
  }

  /** @param inRow Hand-offs that went on between the same two agents, this one included. */
  checkHandoffs(inRow: number, from: string, to: string): void {
    const limit = this.#budget.limits.maximumAlternatingHandoffs;
    this.#check("alternating_handoffs", limit, inRow, from, to);
  }

  /** The run has ended. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #check(
    reason: ViolationReason,
    limit: number,
    actual: number,
    agent: string,
    subject?: string,
  ): void {
    if (actual > limit) this.#violate(reason, limit, actual, agent, subject);
  }

  #violate(
    reason: ViolationReason,
    limit: number,
    actual: number,
    agentName: string,
    subject?: string,
  ): void {
    if (this.#violations.some((violation) => violation.reason === reason)) return;
    const isLoop = reason === "identical_tool_calls" || reason === "alternating_handoffs";
    const violation: BudgetViolation = {
      reason,
      outcome: isLoop ? "loop_detected" : "budget_exceeded",
      limit,
      actual,
      runId: this.#runId,
      agentName,
      ...(subject === undefined ? {} : { subject }),
    };
    this.#violations.push(violation);
    this.#report(violation);
    this.#abort();
  }

  #abort(): void {
    const violation = this.aborting;
    if (violation !== undefined) this.#controller?.abort(new AgentBudgetError(violation));
  }
}
