import type { Span } from "@llmdevops/dd-core";
import type { MockDatadogAPMClient } from "../mock/mock-client.ts";
import type { OutgoingSpan } from "../replay/encode-traces.ts";

/** What `generateLoad` needs of a client; those of `@llmdevops/dd` have it, and the mock client. */
export type LoadClient = Pick<
  MockDatadogAPMClient,
  "startSpan" | "startLLMSpan" | "startAgentSpan" | "flush"
>;

/**
 * Records a synthetic trace through a client, as an application would: agents as agents, model calls
 * with their usage, the rest as spans. Each ends when the synthetic one did.
 */
export function recordTrace(client: LoadClient, trace: readonly OutgoingSpan[]): void {
  const open = new Map<bigint, Span>();
  for (const span of trace) open.set(span.spanId, start(client, span, open.get(span.parentId)));
  for (const span of [...trace].reverse()) {
    const started = open.get(span.spanId);
    if (span.error === 1) started?.setError(new SyntheticError("made to fail"));
    started?.finish(Number(span.start + span.duration) / 1e6);
  }
}

class SyntheticError extends Error {
  override readonly name = "SyntheticError";
}

function start(client: LoadClient, span: OutgoingSpan, parent: Span | undefined): Span {
  const childOf = parent ?? null;
  const { meta, metrics, name } = span;
  if (name === "agent.run") {
    return client.startAgentSpan(name, { agentName: meta["agent.name"] ?? "agent", childOf });
  }
  if (name !== "llm.request") {
    return client.startSpan(name, { childOf, type: span.type, resource: span.resource });
  }
  const call = client.startLLMSpan(name, {
    childOf,
    provider: meta["llm.provider"] ?? "",
    model: meta["llm.model"] ?? "",
  });
  call.setUsage({
    input_tokens: metrics["llm.input_tokens"] ?? 0,
    output_tokens: metrics["llm.output_tokens"] ?? 0,
  });
  return call;
}
