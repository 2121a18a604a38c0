import { runAndFinish, type Span } from "@llmdevops/dd-core";
import { withScope } from "./active-scope.ts";
import { type AgentEnvironment, sendTime } from "./agent-environment.ts";
import {
  AgentScope,
  type AgentSpan,
  agentOf,
  RecordedAgentSpan,
  ScopedSpan,
  scopeOf,
} from "./agent-span.ts";
import { displayName } from "./display-name.ts";
import { isCallable } from "./is-callable.ts";

/** A step of an agent, or a wait for a person. */
export type StepKind = "step" | "wait";

/** Runs one step of an agent in a span of its own. */
export function traceAgentStep<T>(
  environment: AgentEnvironment,
  agentSpan: AgentSpan,
  name: string,
  fn: (span: Span) => T,
  kind: StepKind = "step",
): T {
  if (!isCallable(environment, fn)) return undefined as T;
  const { tracing } = environment;
  const agent = agentOf(agentSpan);
  const agentName = agent?.agentName ?? "unknown";
  if (agent === undefined) tracing.diagnostics.count("agent_span_invalid");
  const stepName = displayName(name, `agent.${kind}`);
  const owner = scopeOf(agentSpan);
  const activity = owner?.run.begin(kind, stepName);
  const start = activity?.start ?? performance.now();
  const scope = owner && activity && new AgentScope(owner.run, agentSpan, activity);
  const span = tracing.startSpan(stepName, {
    ...(agent === undefined ? {} : { childOf: RecordedAgentSpan.parentOf(agentSpan) }),
    keep: true,
    // All in one object: a tag that is added to it later costs more than the others.
    tags: {
      "resource.name": `${agentName} ${stepName}`,
      "agent.name": agentName,
      "agent.run_id": agent?.runId,
      "agent.step": owner?.run.nextStep(),
      ...(kind === "wait" ? { "agent.wait": stepName } : {}),
      "manual.keep": true,
    },
    llmobs: { kind: "task" },
    ...(scope === undefined ? {} : { owner: scope }),
    onFinish: () => {
      const micros =
        owner === undefined || activity === undefined ? undefined : owner.run.end(activity);
      if (kind === "wait" && micros !== undefined) {
        owner?.run.add("waits", 1);
        owner?.run.add("waitMicros", micros);
      }
      const milliseconds = micros === undefined ? performance.now() - start : micros / 1e3;
      const metric = kind === "wait" ? "agent.wait.duration" : "agent.step.duration";
      sendTime(environment, metric, milliseconds, { agent: agentName });
    },
  });
  owner?.run.check();
  if (scope === undefined) {
    return runAndFinish(span, () => tracing.withSpan(span, () => fn(span)));
  }
  const scoped = new ScopedSpan(span, scope);
  return runAndFinish(scoped, () => withScope(environment, scope, span, () => fn(scoped)));
}
