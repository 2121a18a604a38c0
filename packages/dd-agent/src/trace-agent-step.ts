import { runAndFinish, type Span } from "@llmdevops/dd-core";
import { withScope } from "./active-scope.ts";
import { type AgentEnvironment, sendTime } from "./agent-environment.ts";
import { type AgentSpan, ScopedSpan } from "./agent-span.ts";
import { type AgentWork, beginWork, endWork, startWorkSpan } from "./agent-work.ts";
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
  const stepName = displayName(name, kind === "wait" ? "agent.wait" : "agent.step");
  const work = beginWork(environment, agentSpan, kind, stepName);
  const { run, scope } = work;
  const tags = kind === "wait" ? waitTags(work, stepName) : stepTags(work, stepName);
  const span = startWorkSpan(environment, work, stepName, tags, { kind: "task" }, () =>
    countStep(environment, work, kind),
  );
  run?.check();
  if (scope === undefined) {
    return runAndFinish(span, () => environment.tracing.withSpan(span, () => fn(span)));
  }
  const scoped = new ScopedSpan(span, scope);
  return runAndFinish(scoped, () => withScope(environment, scope, span, () => fn(scoped)));
}

// All in one object: a tag that is added to it later costs more than the others.
function stepTags({ agentName, runId, step }: AgentWork, name: string): Record<string, unknown> {
  return {
    "resource.name": `${agentName} ${name}`,
    "agent.name": agentName,
    "agent.run_id": runId,
    "agent.step": step,
    "manual.keep": true,
  };
}

function waitTags(work: AgentWork, name: string): Record<string, unknown> {
  return { ...stepTags(work, name), "agent.wait": name };
}

function countStep(environment: AgentEnvironment, work: AgentWork, kind: StepKind): void {
  const micros = endWork(work);
  const isWait = kind === "wait";
  if (isWait) {
    work.run?.add("waits", 1);
    work.run?.add("waitMicros", micros);
  }
  sendTime(environment, isWait ? "agent.wait.duration" : "agent.step.duration", micros / 1e3, {
    agent: work.agentName,
  });
}
