import { runAndFinish, type Span } from "@llmdevops/dd-core";
import { type AgentEnvironment, sendDuration } from "./agent-environment.ts";
import { type AgentSpan, agentIdentity } from "./agent-span.ts";
import { displayName } from "./display-name.ts";

/** Runs one step of an agent in a span of its own. */
export function traceAgentStep<T>(
  environment: AgentEnvironment,
  agentSpan: AgentSpan,
  name: string,
  fn: (span: Span) => T,
): T {
  const { tracing } = environment;
  const agent = agentIdentity(agentSpan);
  const agentName = agent?.agentName ?? "unknown";
  if (agent === undefined) tracing.diagnostics.count("agent_span_invalid");
  const stepName = displayName(name, "agent.step");
  const start = performance.now();
  const span = tracing.startSpan(stepName, {
    ...(agent === undefined ? {} : { childOf: agentSpan }),
    resource: `${agentName} ${stepName}`,
    keep: true,
    tags: {
      "agent.name": agentName,
      "agent.run_id": agent?.runId,
      "agent.step": agent?.run?.nextStep(),
    },
    llmobs: { kind: "task" },
    onFinish: () => sendDuration(environment, "agent.step.duration", start, { agent: agentName }),
  });
  return runAndFinish(span, () => tracing.withSpan(span, () => fn(span)));
}
