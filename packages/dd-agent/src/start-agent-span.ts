import type { AgentEnvironment } from "./agent-environment.ts";
import { manifestMetadata } from "./agent-manifest.ts";
import { type AgentOrigin, agentBaggage, agentOrigin } from "./agent-origin.ts";
import { AgentRun } from "./agent-run.ts";
import { RecordedAgentSpan } from "./agent-span.ts";
import type { AgentSpanOptions, TraceAgentOptions } from "./agent-span-options.ts";
import { completeRun } from "./complete-run.ts";
import { createLedger } from "./create-ledger.ts";
import { displayName, displayNames } from "./display-name.ts";
import { linkAgentSpans } from "./link-agent-spans.ts";

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
  const { tracing, metrics, recordsContent } = environment;
  const { tags, timeoutMs, agentType, childOf, parentAgentSpan, handoffFrom, manifest } = options;
  const agentName = displayName(options.agentName, "unknown");
  const origin = agentOrigin(environment, options);
  const collaborators = displayNames(options.collaboratingAgents);
  const run = startRun(environment, agentName, options, origin);
  const parentOfSpan = childOf === undefined ? (parentAgentSpan ?? handoffFrom) : childOf;
  const ownTags = tagsOf(run, agentType, origin, collaborators);
  const span = tracing.startSpan(displayName(name, "agent.run"), {
    ...(parentOfSpan === undefined ? {} : { childOf: parentOfSpan }),
    tags: tags ?? ownTags,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    resource: agentName,
    type: "agent",
    kind: "internal",
    keep: true,
    // Not that of the parent, which would keep each agent that has ever started another.
    owner: run,
    baggage: agentBaggage(run, origin),
    llmobs: {
      kind: options.kind === "workflow" ? "workflow" : "agent",
      name: agentName,
      ...(origin.sessionId === undefined ? {} : { sessionId: origin.sessionId }),
    },
    onFinish: (finished) => completeRun(environment, finished, run),
  });
  // After the caller's tags, which must not pass for ours.
  if (tags !== undefined) span.setTags(ownTags);
  const root = run.isRoot ? undefined : run.ledger.root;
  const agentSpan = new RecordedAgentSpan(span, run, tracing, recordsContent, root);
  if (root === undefined) run.ledger.root = agentSpan;
  if (manifest !== undefined) {
    tracing.annotate(span, { metadata: manifestMetadata(agentName, manifest) });
  }
  for (const other of collaborators) {
    metrics.increment("agent.collaboration", 1, { from_agent: agentName, to_agent: other });
    run.connect(agentName, other, "collaboration");
  }
  if (handoffFrom !== undefined) linkAgentSpans(environment, handoffFrom, agentSpan, {});
  if (!run.isRoot) run.ledger.guard?.checkDepth(run.depth, agentName);
  return agentSpan;
}

function startRun(
  environment: AgentEnvironment,
  agentName: string,
  options: AgentSpanOptions,
  origin: AgentOrigin,
): AgentRun {
  const { agentType, signal } = options;
  return new AgentRun(
    {
      agentName,
      agentType: displayName(agentType, "") || undefined,
      ancestry: origin.ancestry,
      parent: origin.run,
      isHandoff: origin.predecessor !== undefined,
      parentActivity: origin.activity,
      runId: displayName(options.runId, "") || undefined,
      signal: signal instanceof AbortSignal ? signal : undefined,
      sessionId: origin.sessionId,
      conversationId: origin.conversationId,
    },
    environment.graph,
    (runId) => createLedger(environment, runId, agentName, options.budget),
  );
}

/** Without those that say nothing: tags that are all there cost the least to start a span with. */
function tagsOf(
  { agentName, runId, sessionId, conversationId }: AgentRun,
  agentType: string | undefined,
  { delegator, predecessor }: AgentOrigin,
  collaborators: readonly string[],
): Readonly<Record<string, unknown>> {
  const tags: Record<string, unknown> = { "agent.name": agentName, "agent.run_id": runId };
  if (agentType !== undefined) tags["agent.type"] = agentType;
  if (delegator !== undefined) tags["agent.parent"] = delegator.agentName;
  if (delegator?.spanId !== undefined) tags["agent.parent_span_id"] = delegator.spanId;
  if (predecessor !== undefined) tags["agent.handoff_from"] = predecessor.agentName;
  if (sessionId !== undefined) tags["agent.session_id"] = sessionId;
  if (conversationId !== undefined) tags["agent.conversation_id"] = conversationId;
  if (collaborators.length > 0) tags["agent.collaborators"] = collaborators.join(",");
  return tags;
}
