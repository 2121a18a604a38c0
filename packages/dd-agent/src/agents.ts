import { runAndFinish, type Span, type SpanContext } from "@llmdevops/dd-core";
import { withScope } from "./active-scope.ts";
import type { AgentEnvironment } from "./agent-environment.ts";
import { type AgentSpan, agentIdentity } from "./agent-span.ts";
import type { AgentSpanOptions, TraceAgentOptions } from "./agent-span-options.ts";
import type { AgentGraph } from "./graph/agent-graph.ts";
import { isCallable } from "./is-callable.ts";
import { type LinkAgentSpansOptions, linkAgentSpans } from "./link-agent-spans.ts";
import { type ObservableTracing, observeModelCalls } from "./observe-model-calls.ts";
import { startAgentSpan } from "./start-agent-span.ts";
import { startToolCall } from "./start-tool-call.ts";
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
   *
   * @param name The span's name, with few different values, for example `agent.run`.
   */
  startAgentSpan(name: string, options: AgentSpanOptions): AgentSpan {
    return startAgentSpan(this.#environment, name, options);
  }

  /**
   * Runs `fn` in the span of an agent's run, which ends when `fn` has settled. An agent that is traced meanwhile
   * has this one as its parent, unless it says otherwise.
   *
   * @returns What `fn` returns; `undefined`, counted, where `fn` is no function.
   * @example
   * ```ts
   * const documents = await agents.traceAgent({ agentName: "researcher" }, async (agent) => {
   *   agent.setInput("What is the refund policy?");
   *   return agents.traceToolCall(agent, "search", { query: "refunds" }, () => search("refunds"));
   * });
   * ```
   */
  traceAgent<T>(options: TraceAgentOptions, fn: (span: AgentSpan) => T): T {
    if (!isCallable(this.#environment, fn)) return undefined as T;
    const span = startAgentSpan(this.#environment, undefined, options);
    return runAndFinish(span, () => withScope(this.#environment, span.scope, span, () => fn(span)));
  }

  /**
   * Runs `fn` in the span of one step of an agent. Steps and tool calls of a run are numbered together, from 1 in
   * the order of their start.
   *
   * @param name What the step does, with few different values, for example `plan`.
   * @returns What `fn` returns.
   */
  traceAgentStep<T>(agentSpan: AgentSpan, name: string, fn: (span: Span) => T): T {
    return traceAgentStep(this.#environment, agentSpan, name, fn);
  }

  /**
   * Runs `fn`, which waits for a person or for anything else that is not the agent's to hurry, in a span of its own.
   * The wait is numbered as a step; what it holds up does not count as the agent's active duration.
   *
   * @example
   * ```ts
   * const approved = await agents.traceWait(agent, "approval", () => askSupervisor(refund));
   * ```
   */
  traceWait<T>(agentSpan: AgentSpan, name: string, fn: (span: Span) => T): T {
    return traceAgentStep(this.#environment, agentSpan, name, fn, "wait");
  }

  /**
   * Runs a tool for an agent in a span of its own; what it returns is recorded as its output.
   *
   * @param input What the tool is given; its size is recorded, and the value itself only with `recordContent`.
   * @param toolName Name of the tool, with few different values: it becomes a tag of metrics.
   * @returns What the tool returned, as a promise also where it is synchronous; it rejects with what the tool throws.
   * @example
   * ```ts
   * const found = await agents.traceToolCall(agent, "search", { query: "refunds" }, (call) => {
   *   call.setCached();
   *   return search("refunds");
   * });
   * ```
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
   * Starts the span of a tool call that the caller finishes, for what cannot be run as one function; else
   * `traceToolCall` is simpler. With `setError` the call has failed.
   *
   * @param toolName Name of the tool, with few different values: it becomes a tag of metrics.
   * @param input What the tool is given. @default told later with `setInput`
   */
  startToolCall(agentSpan: AgentSpan, toolName: string, input?: unknown): ToolCallSpan {
    return startToolCall(this.#environment, agentSpan, toolName, input);
  }

  /**
   * Links two agents' spans, for example the two sides of a hand-off: in both directions where both are spans of
   * this process, else from the one that is. One of them must be an agent's span.
   */
  linkAgentSpans(
    from: AgentSpan | SpanContext,
    to: Span | SpanContext,
    options: LinkAgentSpansOptions = {},
  ): void {
    linkAgentSpans(this.#environment, from, to, options);
  }

  /** The names of the agents from the outermost to this one, of a deeper nesting the nearest 64. */
  getAgentLineage(agentSpan: AgentSpan): string[] {
    return [...(agentIdentity(agentSpan)?.lineage ?? [])];
  }

  /**
   * Makes the model calls of a client count for the agents that make them: tokens, cost, time and errors.
   *
   * @param tracing The tracing client that the other one is to use.
   * @returns The same client, as far as the other one can tell.
   * @example
   * ```ts
   * import { createLLM } from "@llmdevops/dd-llm";
   *
   * const llm = createLLM({ tracing: agents.observeModelCalls(tracing) });
   * ```
   */
  observeModelCalls<T extends ObservableTracing>(tracing: T): T {
    return observeModelCalls(this.#environment, tracing);
  }

  /** Which agents worked with which, and with which tools, in all runs of this client so far. */
  graph(): AgentGraph {
    return this.#environment.graph;
  }
}
