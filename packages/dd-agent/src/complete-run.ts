import type { Span } from "@llmdevops/dd-core";
import { type AgentEnvironment, sendTime } from "./agent-environment.ts";
import type { AgentRun } from "./agent-run.ts";
import { activeDuration, criticalPathNames } from "./run/activity.ts";
import type { AgentOutcome } from "./run/agent-outcome.ts";

const shownPathLength = 20;

/** Counts and describes an agent's run just before its span ends; the outermost one sums the whole run up. */
export function completeRun(environment: AgentEnvironment, span: Span, run: AgentRun): void {
  const { metrics } = environment;
  const { agentName, activity, ledger } = run;
  const tags = { agent: agentName };
  const failed = hasFailed(span);
  const durationMicros = run.end(activity);
  const outcome = run.outcome ?? outcomeOf(span, run, failed);
  run.outcome = outcome;
  for (const tally of run.tallies) {
    tally.agents += 1;
    tally.agentMicros += durationMicros;
    if (failed) tally.failedAgents += 1;
  }
  run.reportToDelegator(failed, durationMicros);
  const durationMs = durationMicros / 1e3;
  const hasWaited = ledger.total.waits > 0;
  const activeMs = hasWaited ? activeDuration(activity, now(activity)) : durationMs;
  span.setTag("agent.steps", run.steps);
  span.setTag("agent.outcome", outcome);
  if (hasWaited) span.setTag("agent.active_ms", activeMs);
  metrics.increment("agent.run.count", 1, { agent: agentName, outcome });
  sendTime(environment, "agent.run.duration", durationMs, tags);
  sendTime(environment, "agent.run.active_duration", activeMs, tags);
  metrics.distribution("agent.run.steps", run.steps, tags);
  if (failed) metrics.increment("agent.run.error", 1, tags);
  if (run.isRoot) completeRoot(environment, span, run, tags);
}

function completeRoot(
  environment: AgentEnvironment,
  span: Span,
  { activity, ledger }: AgentRun,
  tags: { readonly agent: string },
): void {
  const { metrics } = environment;
  const { total } = ledger;
  ledger.guard?.stop();
  span.setTag("agent.run.agents", total.agents);
  span.setTag("agent.run.steps", total.steps);
  if (total.toolCalls > 0) {
    const toolMs = total.toolMicros / 1e3;
    span.setTag("agent.run.tool_calls", total.toolCalls);
    span.setTag("agent.run.tool_ms", toolMs);
    sendTime(environment, "agent.run.tool_duration", toolMs, tags);
  }
  if (total.modelCalls > 0) {
    const modelMs = total.modelMicros / 1e3;
    const costUsd = total.costNanoUsd / 1e9;
    span.setTag("agent.run.model_calls", total.modelCalls);
    span.setTag("agent.run.model_ms", modelMs);
    span.setTag("agent.run.input_tokens", total.inputTokens);
    span.setTag("agent.run.output_tokens", total.outputTokens);
    span.setTag("agent.run.cost_usd", costUsd);
    sendTime(environment, "agent.run.model_duration", modelMs, tags);
    metrics.distribution("agent.run.tokens", total.inputTokens + total.outputTokens, tags);
    metrics.distribution("agent.run.cost", costUsd, tags);
  }
  if (total.waits > 0) {
    const waitMs = total.waitMicros / 1e3;
    span.setTag("agent.run.wait_ms", waitMs);
    sendTime(environment, "agent.run.wait_duration", waitMs, tags);
  }
  const errors = total.failedAgents + total.toolErrors + total.modelErrors;
  if (errors > 0) span.setTag("agent.run.errors", errors);
  if (total.retries > 0) span.setTag("agent.run.retries", total.retries);
  if (activity.children.length > 0) {
    const names = criticalPathNames(activity, now(activity), shownPathLength);
    span.setTag("agent.run.critical_path", names.join(" > "));
  }
}

function now(activity: { readonly end: number | undefined }): number {
  return activity.end ?? performance.now();
}

function hasFailed(span: Span): boolean {
  const error = span.getTag("error");
  // The application may also write the tag itself.
  return error === true || error === 1 || error === "true";
}

function outcomeOf(span: Span, run: AgentRun, failed: boolean): AgentOutcome {
  const violation = run.ledger.guard?.aborting;
  if (violation !== undefined && (failed || run.isRoot)) return violation.outcome;
  if (failed) {
    const isAborted = run.signals.some(({ aborted }) => aborted);
    return isAborted || span.getTag("error.type") === "AbortError" ? "cancelled" : "failed";
  }
  return run.hasHandedOff ? "handed_off" : "completed";
}
