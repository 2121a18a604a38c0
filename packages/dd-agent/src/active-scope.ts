import { type Span, spanOwner } from "@llmdevops/dd-core";
import type { AgentEnvironment } from "./agent-environment.ts";
import { AgentScope } from "./agent-span.ts";

/** For which agent the running code works, and in which of its steps. */
export function activeScope({ activeAgent, tracing }: AgentEnvironment): AgentScope | undefined {
  const scope = activeAgent.getStore();
  if (scope === undefined) return undefined;
  const owner = spanOwner(tracing.getCurrentSpan());
  // The active span may belong to another agent's work that this code was given.
  return owner instanceof AgentScope && owner.run === scope.run ? owner : scope;
}

/**
 * Runs `fn` with a span active, as work for an agent. The step that the span owns is found through the span where
 * the agent is the same: each further storage that follows the code would be copied twice per step.
 *
 * @param span Was started with the scope as its owner.
 */
export function withScope<T>(
  { activeAgent, tracing }: AgentEnvironment,
  scope: AgentScope,
  span: Span,
  fn: () => T,
): T {
  if (activeAgent.getStore()?.run === scope.run) return tracing.withSpan(span, fn);
  return activeAgent.run(scope, runWithSpan<T>, tracing, span, fn);
}

function runWithSpan<T>(tracing: AgentEnvironment["tracing"], span: Span, fn: () => T): T {
  return tracing.withSpan(span, fn);
}
