import { runAndFinish, type Span, type SpanContext } from "@llmdevops/dd-core";
import type { AgentEnvironment } from "./agent-environment.ts";
import { type AgentSpan, agentIdentity } from "./agent-span.ts";
import type { AgentSpanOptions, TraceAgentOptions } from "./agent-span-options.ts";
import { type LinkAgentSpansOptions, linkAgentSpans } from "./link-agent-spans.ts";
import { startAgentSpan } from "./start-agent-span.ts";
import type { ToolCallSpan } from "./tool-call-span.ts";
import { traceAgentStep } from "./trace-agent-step.ts";
import { traceToolCall } from "./trace-tool-call.ts";

/** The agent client; see {@link createAgents}. No method throws; what `fn` throws is recorded and thrown on. */
export class Agents {
  readonly #environment: AgentEnvironment;

  /** @internal */
  constructor(environment: AgentEnvironment) {
    this.#environment = environment;
  }

  /**
   * Starts the span of an agent's run, which the caller finishes. Agents that it starts name it as
   * `parentAgentSpan`; `traceAgent` needs no such hint.
   */
  startAgentSpan(name: string, options: AgentSpanOptions): AgentSpan {
    return startAgentSpan(this.#environment, name, options);
  }

  /**
   * Runs `fn` in the span of an agent's run, which ends when `fn` has settled. An agent that is traced meanwhile
   * has this one as its parent, unless it says otherwise.
   */
  traceAgent<T>(options: TraceAgentOptions, fn: (span: AgentSpan) => T): T {
    const { tracing, activeAgent } = this.#environment;
    const span = startAgentSpan(this.#environment, undefined, options);
    return runAndFinish(span, () =>
      activeAgent.run(span, () => tracing.withSpan(span, () => fn(span))),
    );
  }

  /**
   * Runs `fn` in the span of one step of an agent. Steps and tool calls of a run are numbered together, from 1 in
   * the order of their start.
   */
  traceAgentStep<T>(agentSpan: AgentSpan, name: string, fn: (span: Span) => T): T {
    return traceAgentStep(this.#environment, agentSpan, name, fn);
  }

  /**
   * Runs a tool for an agent in a span of its own.
   *
   * @param input What the tool is given; its size is recorded, and the value itself only with `recordContent`.
   * @returns What the tool returned, as a promise also where it is synchronous.
   */
  traceToolCall<T>(
    agentSpan: AgentSpan,
    toolName: string,
    input: unknown,
    fn: (span: ToolCallSpan) => T | PromiseLike<T>,
  ): Promise<T> {
    return traceToolCall(this.#environment, agentSpan, toolName, input, fn);
  }

  /**
   * Links two agents' spans, for example the two sides of a hand-off: in both directions where both are spans of
   * this process, else from the one that is.
   */
  linkAgentSpans(
    from: AgentSpan,
    to: Span | SpanContext,
    options: LinkAgentSpansOptions = {},
  ): void {
    linkAgentSpans(this.#environment, from, to, options);
  }

  /** The names of the agents from the outermost to this one, of a deeper nesting the nearest 64. */
  getAgentLineage(agentSpan: AgentSpan): string[] {
    return [...(agentIdentity(agentSpan)?.lineage ?? [])];
  }
}
