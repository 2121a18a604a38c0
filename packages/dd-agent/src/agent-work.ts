import type { LLMObservabilitySpanOptions, Span } from "@llmdevops/dd-core";
import type { AgentEnvironment } from "./agent-environment.ts";
import type { AgentRun } from "./agent-run.ts";
import { AgentScope, type AgentSpan, agentOf, RecordedAgentSpan, scopeOf } from "./agent-span.ts";
import type { ActivityKind } from "./run/activity.ts";

/** Something that is done for an agent, and what is known of the agent. */
export interface AgentWork {
  readonly agentName: string;
  /** `undefined` for an agent that is not known. */
  readonly runId: string | undefined;
  /** The number of the step, counted by an agent of this copy of the package. */
  readonly step: number | undefined;
  readonly run: AgentRun | undefined;
  readonly scope: AgentScope | undefined;
  /** What its span is started below. @default the active span */
  readonly parent: Span | undefined;
  /** When it began, on the clock of `performance.now` (ms). */
  readonly start: number;
}

/** Notes that an agent begins to do something; what is no agent's span is counted. */
export function beginWork(
  { tracing }: AgentEnvironment,
  agentSpan: AgentSpan,
  kind: ActivityKind,
  name: string,
): AgentWork {
  const agent = agentOf(agentSpan);
  const run = scopeOf(agentSpan)?.run;
  if (agent === undefined) tracing.diagnostics.count("agent_span_invalid");
  const activity = run?.begin(kind, name);
  return {
    agentName: agent?.agentName ?? "unknown",
    runId: agent?.runId,
    step: run?.nextStep(),
    run,
    scope: run && activity && new AgentScope(run, agentSpan, activity),
    parent: agent && RecordedAgentSpan.parentOf(agentSpan),
    start: activity?.start ?? performance.now(),
  };
}

/** Starts its span, as part of the agent's. */
export function startWorkSpan(
  { tracing }: AgentEnvironment,
  { parent, scope }: AgentWork,
  name: string,
  tags: Readonly<Record<string, unknown>>,
  llmobs: LLMObservabilitySpanOptions,
  onFinish: (span: Span) => void,
): Span {
  if (parent !== undefined && scope !== undefined) {
    // Nearly always, and without putting options together, which would cost more than all else here.
    return tracing.startSpan(name, {
      childOf: parent,
      keep: true,
      tags,
      llmobs,
      owner: scope,
      onFinish,
    });
  }
  return tracing.startSpan(name, {
    keep: true,
    tags,
    llmobs,
    onFinish,
    ...(parent === undefined ? {} : { childOf: parent }),
    ...(scope === undefined ? {} : { owner: scope }),
  });
}

/** Notes that it has ended. @returns How long it took (µs). */
export function endWork({ run, scope, start }: AgentWork): number {
  return run !== undefined && scope !== undefined
    ? run.end(scope.activity)
    : Math.round((performance.now() - start) * 1e3);
}
