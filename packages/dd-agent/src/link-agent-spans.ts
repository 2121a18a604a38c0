import type { Span, SpanContext } from "@llmdevops/dd-core";
import type { AgentEnvironment } from "./agent-environment.ts";
import { type AgentIdentity, agentIdentity } from "./agent-span.ts";
import { displayName } from "./display-name.ts";

/** Options of `linkAgentSpans`. */
export interface LinkAgentSpansOptions {
  /** What the two have to do with each other, for example `fan_in`. @default "handoff" */
  readonly relationship?: string;
}

/** Links two agents' spans in both directions, as far as both are in this process. */
export function linkAgentSpans(
  { metrics, tracing }: AgentEnvironment,
  from: Span | SpanContext,
  to: Span | SpanContext,
  options: LinkAgentSpansOptions,
): void {
  const source = agentIdentity(from);
  const target = agentIdentity(to);
  if (!isObject(to) || (source === undefined && (target === undefined || !isContext(from)))) {
    tracing.diagnostics.count("agent_link_invalid");
    return;
  }
  let relationship = "handoff";
  try {
    relationship = displayName(options?.relationship, relationship);
    link(from, to, relationship, "to");
    link(to, from, relationship, "from");
  } catch {
    tracing.diagnostics.count("agent_link_invalid");
  }
  const fromAgent = source?.agentName ?? remoteName(from);
  const toAgent = target?.agentName ?? remoteName(to);
  if (relationship === "handoff") {
    const brought = source === undefined ? baggageOf(from) : undefined;
    noteHandoff(source, target, fromAgent, toAgent, brought);
  } else (source?.run ?? target?.run)?.connect(fromAgent, toAgent, relationship);
  // A name that came with a message could be any text; as a metric's tag it would be without bounds.
  metrics.increment("agent.handoff", 1, {
    from_agent: source?.agentName ?? "remote",
    to_agent: target?.agentName ?? "remote",
  });
}

function link(
  at: Span | SpanContext,
  other: Span | SpanContext,
  relationship: string,
  direction: string,
): void {
  if ("addLink" in at) {
    at.addLink(other, { "link.relationship": relationship, "link.direction": direction });
  }
}

function noteHandoff(
  source: AgentIdentity | undefined,
  target: AgentIdentity | undefined,
  from: string,
  to: string,
  brought: Readonly<Record<string, string>> | undefined,
): void {
  const run = source?.run ?? target?.run;
  if (run === undefined) return;
  const { handoffs, guard } = run.ledger;
  handoffs.resume(brought, from);
  if (source?.run !== undefined) source.run.hasHandedOff = true;
  run.add("handoffs", 1);
  run.connect(from, to, "handoff");
  const inRow = handoffs.note(from, to);
  guard?.checkHandoffs(inRow, from, to);
}

/** The name that an agent of another process sent with its trace context. */
function remoteName(context: Span | SpanContext): string {
  return displayName(baggageOf(context)?.["agent.name"], "remote");
}

/** What came with a context from another process. */
function baggageOf(context: Span | SpanContext): Readonly<Record<string, string>> | undefined {
  try {
    return "addLink" in context ? undefined : context.baggage;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isContext(value: unknown): boolean {
  try {
    const { traceId, spanId } = value as Partial<SpanContext>;
    return typeof traceId === "string" && typeof spanId === "string";
  } catch {
    return false;
  }
}
