import type { Span, SpanContext } from "@llmdevops/dd-core";
import type { AgentEnvironment } from "./agent-environment.ts";
import { type AgentSpan, agentIdentity } from "./agent-span.ts";
import { displayName } from "./display-name.ts";

/** Options of `linkAgentSpans`. */
export interface LinkAgentSpansOptions {
  /** What the two have to do with each other. @default "handoff" */
  readonly relationship?: string;
}

/** Links two agents' spans in both directions, as far as both are in this process. */
export function linkAgentSpans(
  { metrics, tracing }: AgentEnvironment,
  from: AgentSpan,
  to: Span | SpanContext,
  options: LinkAgentSpansOptions,
): void {
  const source = agentIdentity(from);
  if (source === undefined || typeof to !== "object" || to === null) {
    tracing.diagnostics.count("agent_link_invalid");
    return;
  }
  try {
    const relationship = displayName(options?.relationship, "handoff");
    from.addLink(to, { "link.relationship": relationship, "link.direction": "to" });
    if ("addLink" in to) {
      to.addLink(from, { "link.relationship": relationship, "link.direction": "from" });
    }
  } catch {
    tracing.diagnostics.count("agent_link_invalid");
  }
  metrics.increment("agent.handoff", 1, {
    from_agent: source.agentName,
    to_agent: agentIdentity(to)?.agentName ?? "remote",
  });
}
