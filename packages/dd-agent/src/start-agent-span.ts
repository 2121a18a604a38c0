import type { Span } from "@llmdevops/dd-core";
import { type AgentEnvironment, sendDuration } from "./agent-environment.ts";
import { AgentRun } from "./agent-run.ts";
import { agentIdentity, RecordedAgentSpan } from "./agent-span.ts";
import type { AgentSpanOptions, TraceAgentOptions } from "./agent-span-options.ts";
import { displayName, displayNames } from "./display-name.ts";

/** Starts the span of an agent's run; options that cannot be read count as absent. */
export function startAgentSpan(
  environment: AgentEnvironment,
  name: string | undefined,
  options: TraceAgentOptions,
): RecordedAgentSpan {
  try {
    return start(environment, name ?? options.name, options);
  } catch {
    environment.tracing.diagnostics.count("agent_options_unreadable");
    return start(environment, name, { agentName: "unknown" });
  }
}

function start(
  environment: AgentEnvironment,
  name: string | undefined,
  options: AgentSpanOptions,
): RecordedAgentSpan {
  const { tracing, metrics, activeAgent, recordsContent } = environment;
  const { tags, sessionId, timeoutMs, agentType, childOf, parentAgentSpan } = options;
  // A parent span that is given may lie outside of the enclosing agent.
  const parentSpan =
    parentAgentSpan ?? (childOf === undefined ? activeAgent.getStore() : undefined);
  const parent = agentIdentity(parentSpan);
  const agentName = displayName(options.agentName, "unknown");
  const run = new AgentRun(agentName, parent, displayName(options.runId, "") || undefined);
  const collaborators = displayNames(options.collaboratingAgents);
  const startTime = performance.now();
  const parentOfSpan = childOf === undefined ? parentAgentSpan : childOf;
  const span = tracing.startSpan(displayName(name, "agent.run"), {
    ...(parentOfSpan === undefined ? {} : { childOf: parentOfSpan }),
    ...(tags === undefined ? {} : { tags }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    resource: agentName,
    type: "agent",
    kind: "internal",
    keep: true,
    llmobs: {
      kind: "agent",
      name: agentName,
      ...(typeof sessionId === "string" ? { sessionId } : {}),
    },
    onFinish: (finished) => completeRun(environment, finished, agentName, run, startTime),
  });
  // After the caller's tags, which must not pass for ours.
  span.setTags({
    "agent.name": agentName,
    "agent.type": agentType,
    "agent.run_id": run.runId,
    "agent.parent": parent?.agentName,
    "agent.parent_span_id": parent?.spanId,
    "agent.collaborators": collaborators.join(",") || undefined,
  });
  for (const other of collaborators) {
    metrics.increment("agent.collaboration", 1, { from_agent: agentName, to_agent: other });
  }
  return new RecordedAgentSpan(span, agentName, run, recordsContent ? tracing : undefined);
}

function completeRun(
  environment: AgentEnvironment,
  span: Span,
  agentName: string,
  run: AgentRun,
  start: number,
): void {
  const { metrics } = environment;
  const tags = { agent: agentName };
  span.setTag("agent.steps", run.steps);
  metrics.increment("agent.run.count", 1, tags);
  sendDuration(environment, "agent.run.duration", start, tags);
  metrics.distribution("agent.run.steps", run.steps, tags);
  const error = span.getTag("error");
  // The application may also write the tag itself.
  const failed = error === true || error === 1 || error === "true";
  if (failed) metrics.increment("agent.run.error", 1, tags);
}
