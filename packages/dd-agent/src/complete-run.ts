import type { Span } from "@llmdevops/dd-core";
import { type AgentEnvironment, sendTime } from "./agent-environment.ts";
import type { AgentRun } from "./agent-run.ts";
import { activeDuration, criticalPath } from "./run/activity.ts";
import type { AgentOutcome } from "./run/agent-outcome.ts";

const shownPathLength = 20;

/** Counts and describes an agent's run just before its span ends; the outermost one sums the whole run up. */
export function completeRun(environment: AgentEnvironment, span: Span, run: AgentRun): void {
  const { metrics } = environment;
  const { agentName, activity, ledger } = run;
  const tags = { agent: agentName };
  const failed = hasFailed(span);
  const durationMicros = run.end(activity);
  run.outcome ??= outcomeOf(span, run, failed);
  run.add("agents", 1);
  run.add("agentMicros", durationMicros);
  if (failed) run.add("failedAgents", 1);
  run.reportToDelegator(failed, durationMicros);
  const durationMs = durationMicros / 1e3;
  const activeMs = ledger.total.waits === 0 ? durationMs : activeDuration(activity, now(activity));
  span.setTags({
    "agent.steps": run.steps,
    "agent.outcome": run.outcome,
    ...(ledger.total.waits === 0 ? {} : { "agent.active_ms": activeMs }),
  });
  metrics.increment("agent.run.count", 1, { ...tags, outcome: run.outcome });
  sendTime(environment, "agent.run.duration", durationMs, tags);
  sendTime(environment, "agent.run.active_duration", activeMs, tags);
  metrics.distribution("agent.run.steps", run.steps, tags);
  if (failed) metrics.increment("agent.run.error", 1, tags);
  if (run.isRoot) completeRoot(environment, span, run);
}

function completeRoot(environment: AgentEnvironment, span: Span, run: AgentRun): void {
  const { metrics } = environment;
  const { agentName, activity, ledger } = run;
  const { total } = ledger;
  const tags = { agent: agentName };
  ledger.guard?.stop();
  const tokens = total.inputTokens + total.outputTokens;
  const summary: Record<string, number | string> = {
    "agent.run.agents": total.agents,
    "agent.run.steps": total.steps,
  };
  if (total.toolCalls > 0) {
    summary["agent.run.tool_calls"] = total.toolCalls;
    summary["agent.run.tool_ms"] = total.toolMicros / 1e3;
    sendTime(environment, "agent.run.tool_duration", total.toolMicros / 1e3, tags);
  }
  if (total.modelCalls > 0) {
    summary["agent.run.model_calls"] = total.modelCalls;
    summary["agent.run.model_ms"] = total.modelMicros / 1e3;
    summary["agent.run.input_tokens"] = total.inputTokens;
    summary["agent.run.output_tokens"] = total.outputTokens;
    summary["agent.run.cost_usd"] = total.costNanoUsd / 1e9;
    sendTime(environment, "agent.run.model_duration", total.modelMicros / 1e3, tags);
    metrics.distribution("agent.run.tokens", tokens, tags);
    metrics.distribution("agent.run.cost", total.costNanoUsd / 1e9, tags);
  }
  if (total.waits > 0) {
    summary["agent.run.wait_ms"] = total.waitMicros / 1e3;
    sendTime(environment, "agent.run.wait_duration", total.waitMicros / 1e3, tags);
  }
  const errors = total.failedAgents + total.toolErrors + total.modelErrors;
  if (errors > 0) summary["agent.run.errors"] = errors;
  if (total.retries > 0) summary["agent.run.retries"] = total.retries;
  if (activity.children.length > 0) {
    summary["agent.run.critical_path"] = criticalPath(activity, now(activity))
      .slice(0, shownPathLength)
      .map(({ name }) => name)
      .join(" > ");
  }
  span.setTags(summary);
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
