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

/** The same as it was read, with what is not known in its place. */
type ReadModelCall = { readonly [K in keyof ModelCall]: ModelCall[K] | undefined };

/** Counts a model call for an agent; what is no number from 0 counts as absent. */
export function countModelCall(run: AgentRun, call: ReadModelCall): void {
  const micros = Math.round(amount(call.durationMs) * 1e3);
  const inputTokens = Math.round(amount(call.inputTokens));
  const outputTokens = Math.round(amount(call.outputTokens));
  const retries = Math.round(amount(call.retries));
  const failed = call.failed === true;
  const isPriced = isAmount(call.costUsd);
  const costNanoUsd = isPriced ? Math.round(call.costUsd * 1e9) : 0;
  for (const tally of run.tallies) {
    tally.modelCalls += 1;
    tally.modelMicros += micros;
    tally.inputTokens += inputTokens;
    tally.outputTokens += outputTokens;
    tally.retries += retries;
    tally.costNanoUsd += costNanoUsd;
    if (failed) tally.modelErrors += 1;
    else if (!isPriced) tally.unpricedModelCalls += 1;
  }
  run.costNanoUsd += costNanoUsd;
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
