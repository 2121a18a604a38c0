import { type Span, type SpanContext, spanBaggage } from "@llmdevops/dd-core";
import { activeScope } from "./active-scope.ts";
import type { AgentEnvironment } from "./agent-environment.ts";
import type { AgentAncestry, AgentRun } from "./agent-run.ts";
import { type AgentIdentity, type AgentScope, agentIdentity, scopeOf } from "./agent-span.ts";
import type { AgentSpanOptions } from "./agent-span-options.ts";
import { displayName } from "./display-name.ts";
import type { Activity } from "./run/activity.ts";

const runIdKey = "agent.run_id";
const agentNameKey = "agent.name";
const sessionIdKey = "agent.session_id";
const conversationIdKey = "agent.conversation_id";

/** Where an agent comes from: another agent of this process, one of another process, or nowhere. */
export interface AgentOrigin {
  /** The agent that delegates; absent for a hand-off. */
  readonly delegator:
    | { readonly agentName: string; readonly spanId: string | undefined }
    | undefined;
  /** The agent that hands over. */
  readonly predecessor: { readonly agentName: string } | undefined;
  /** What came with the context of another process. */
  readonly brought: Readonly<Record<string, string>> | undefined;
  readonly ancestry: AgentAncestry | undefined;
  readonly run: AgentRun | undefined;
  readonly activity: Activity | undefined;
  readonly root: AgentIdentity | undefined;
  readonly sessionId: string | undefined;
  readonly conversationId: string | undefined;
}

/** Finds out who started an agent: what is said explicitly first, then the enclosing code, then baggage. */
export function agentOrigin(environment: AgentEnvironment, options: AgentSpanOptions): AgentOrigin {
  const { parentAgentSpan, handoffFrom, childOf } = options;
  const active = activeScope(environment);
  const named = parentAgentSpan ?? handoffFrom ?? scopeOf(childOf)?.agentSpan;
  const brought = baggageOf(environment, handoffFrom ?? childOf, named, active);
  const broughtRunId = displayName(brought?.[runIdKey], "");
  let local = agentIdentity(named);
  const isElsewhere = childOf !== undefined && broughtRunId !== active?.run.runId;
  if (named === undefined && !isElsewhere) local = agentIdentity(active?.agentSpan);
  const sessionId = displayName(options.sessionId ?? brought?.[sessionIdKey], "") || undefined;
  const conversationId =
    displayName(options.conversationId ?? brought?.[conversationIdKey], "") || undefined;
  const isHandoff = handoffFrom !== undefined && parentAgentSpan === undefined;
  const remoteName = displayName(brought?.[agentNameKey], "");
  const remote =
    local === undefined && broughtRunId !== "" && remoteName !== ""
      ? { agentName: remoteName, runId: broughtRunId, spanId: undefined, lineage: [remoteName] }
      : undefined;
  const from = local ?? remote;
  return {
    delegator: isHandoff ? undefined : from,
    predecessor: isHandoff ? (from ?? { agentName: "remote" }) : undefined,
    brought: local === undefined ? brought : undefined,
    ancestry: from,
    run: local?.run,
    activity: activityOf(local, active, parentAgentSpan ?? handoffFrom),
    root: local,
    sessionId: sessionId ?? local?.run?.sessionId,
    conversationId: conversationId ?? local?.run?.conversationId,
  };
}

/** What travels with the trace, so that the next process knows whose work it goes on with. */
export function agentBaggage(
  run: AgentRun,
  { predecessor, brought }: AgentOrigin,
): Readonly<Record<string, string>> {
  const { handoffs } = run.ledger;
  if (predecessor !== undefined) handoffs.resume(brought, predecessor.agentName);
  return {
    [runIdKey]: run.runId,
    [agentNameKey]: run.agentName,
    ...(run.sessionId === undefined ? {} : { [sessionIdKey]: run.sessionId }),
    ...(run.conversationId === undefined ? {} : { [conversationIdKey]: run.conversationId }),
    ...(predecessor && handoffs.baggage(predecessor.agentName, run.agentName)),
  };
}

/** The step or tool in which the parent starts another agent, where it is not named explicitly. */
function activityOf(
  local: AgentIdentity | undefined,
  active: AgentScope | undefined,
  named: unknown,
): Activity | undefined {
  return named === undefined && active?.run === local?.run ? active?.activity : undefined;
}

function baggageOf(
  { tracing }: AgentEnvironment,
  source: Span | SpanContext | null | undefined,
  named: unknown,
  active: AgentScope | undefined,
): Readonly<Record<string, string>> | undefined {
  if (source === null || agentIdentity(named) !== undefined) return undefined;
  // Inside of an agent of this process nothing has to be read back.
  if (source === undefined && active !== undefined) return undefined;
  const holder = source ?? tracing.getCurrentSpan();
  if (holder === undefined) return undefined;
  try {
    return "context" in holder ? spanBaggage(holder) : holder.baggage;
  } catch {
    // What is no context brings nothing; the span itself is then started without it too.
    return undefined;
  }
}
