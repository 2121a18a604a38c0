import type { AgentRun } from "./agent-run.ts";
import { displayName } from "./display-name.ts";

/** A model call that an agent made, as far as it is known. */
export interface ModelCall {
  /** Shown on the critical path. @default "model call" */
  readonly model?: string;
  /** Tokens of the prompt, those of caches included. @default 0 */
  readonly inputTokens?: number;
  /** Tokens of the answer, reasoning included. @default 0 */
  readonly outputTokens?: number;
  /** What it cost (US dollars). @default not known */
  readonly costUsd?: number;
  /** How long it took, until now (ms). @default 0 */
  readonly durationMs?: number;
  /** Whether it failed. @default false */
  readonly failed?: boolean;
  /** How often it was tried again before this outcome. @default 0 */
  readonly retries?: number;
}

/** Counts a model call for an agent; what is no number from 0 counts as absent. */
export function countModelCall(run: AgentRun, call: ModelCall): void {
  const micros = Math.round(amount(call.durationMs) * 1e3);
  run.add("modelCalls", 1);
  run.add("modelMicros", micros);
  run.add("inputTokens", Math.round(amount(call.inputTokens)));
  run.add("outputTokens", Math.round(amount(call.outputTokens)));
  run.add("retries", Math.round(amount(call.retries)));
  if (call.failed === true) run.add("modelErrors", 1);
  if (isAmount(call.costUsd)) {
    const nanoDollars = Math.round(call.costUsd * 1e9);
    run.add("costNanoUsd", nanoDollars);
    run.costNanoUsd += nanoDollars;
  } else if (call.failed !== true) run.add("unpricedModelCalls", 1);
  run.check();
}

/** Counts a model call that has just ended and was not watched. */
export function recordModelCall(run: AgentRun, call: ModelCall): void {
  const activity = run.begin("model", displayName(call.model, "model call"));
  const end = activity.start;
  // It began before it was told of, at the earliest with the agent.
  const start = Math.max(run.activity.start, end - amount(call.durationMs));
  Object.assign(activity, { start, end });
  countModelCall(run, call);
}

function amount(value: unknown): number {
  return isAmount(value) ? value : 0;
}

/** Up to 1e12, far beyond all that is billed, so that sums stay exact. */
function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1e12;
}
