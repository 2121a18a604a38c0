import {
  type CoreOptions,
  createTracing,
  discardingMetricsSink,
  type MetricsSink,
  runAndFinish,
  type Span,
  type SpanContext,
} from "@llmdevops/dd-core";
import type { AgentEnvironment, AgentTracing } from "./agent-environment.ts";
import { AgentRun } from "./agent-run.ts";
import {
  type AgentSpan,
  type AgentSpanOptions,
  RecordedAgentSpan,
  type TraceAgentOptions,
} from "./agent-span.ts";
import type { ToolCallSpan } from "./tool-call.ts";
import { traceToolCall } from "./trace-tool-call.ts";

/** Options of {@link createAgents}. */
export interface AgentsOptions extends CoreOptions {
  /** The tracing client to use. @default a new one from the other options */
  readonly tracing?: AgentTracing;
  /** Where metrics go. @default nowhere */
  readonly metrics?: MetricsSink;
  /**
   * Records the inputs and outputs of agents and tools in LLM Observability, redacted. @default false
   */
  readonly recordContent?: boolean;
}

/** The agent client; see {@link createAgents}. No method throws. */
export class Agents {
  readonly #environment: AgentEnvironment;
  readonly #runs = new WeakMap<Span, AgentRun>();

  /** @internal */
  constructor(environment: AgentEnvironment) {
    this.#environment = environment;
  }

  /** Starts the span of an agent's run, which the caller finishes. */
  startAgentSpan(name: string, options: AgentSpanOptions): AgentSpan {
    const { tracing, metrics } = this.#environment;
    const { agentName, parentAgentSpan, collaboratingAgents, sessionId, timeoutMs } = options;
    const childOf = options.childOf === undefined ? parentAgentSpan : options.childOf;
    const parentRun = parentAgentSpan === undefined ? undefined : this.#runs.get(parentAgentSpan);
    const run = new AgentRun(agentName, parentRun, options.runId);
    const start = performance.now();
    const span = tracing.startSpan(name, {
      ...(childOf === undefined ? {} : { childOf }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      resource: agentName,
      type: "agent",
      kind: "internal",
      keep: true,
      tags: {
        ...options.tags,
        "agent.name": agentName,
        "agent.type": options.agentType,
        "agent.run_id": run.runId,
        "agent.parent": parentAgentSpan?.agentName,
        "agent.parent_span_id": parentAgentSpan?.spanId,
        "agent.collaborators": collaboratingAgents?.join(","),
      },
      llmobs: { kind: "agent", name: agentName, ...(sessionId === undefined ? {} : { sessionId }) },
      onFinish: (finished) => this.#completeRun(finished, agentName, run, start),
    });
    for (const other of collaboratingAgents ?? []) {
      metrics.increment("agent.collaboration", 1, { from_agent: agentName, to_agent: other });
    }
    const agentSpan = new RecordedAgentSpan(span, agentName, run, (field, value) => {
      if (this.#environment.recordsContent) tracing.annotate(span, { [field]: value });
    });
    this.#runs.set(agentSpan, run);
    return agentSpan;
  }

  /** Runs `fn` in the span of an agent's run, which ends when `fn` has settled. */
  traceAgent<T>(options: TraceAgentOptions, fn: (span: AgentSpan) => T): T {
    const span = this.startAgentSpan(options.name ?? "agent.run", options);
    return runAndFinish(span, () => this.#environment.tracing.withSpan(span, () => fn(span)));
  }

  /** Runs `fn` in the span of one step of an agent; steps are numbered from 1, also under concurrency. */
  traceAgentStep<T>(agentSpan: AgentSpan, name: string, fn: (span: Span) => T): T {
    const { tracing, metrics } = this.#environment;
    const run = this.#runs.get(agentSpan);
    const start = performance.now();
    const span = tracing.startSpan(name, {
      childOf: agentSpan,
      resource: `${agentSpan.agentName} ${name}`,
      keep: true,
      tags: {
        "agent.name": agentSpan.agentName,
        "agent.run_id": agentSpan.runId,
        "agent.step": run?.nextStep(),
      },
      llmobs: { kind: "task" },
      onFinish: () => {
        metrics.distribution("agent.step.duration", performance.now() - start, {
          agent: agentSpan.agentName,
        });
      },
    });
    return runAndFinish(span, () => tracing.withSpan(span, () => fn(span)));
  }

  /**
   * Runs a tool for an agent in a span of its own.
   *
   * @param input What the tool is given; its size is recorded, and the value itself only with `recordContent`.
   */
  traceToolCall<T>(
    agentSpan: AgentSpan,
    toolName: string,
    input: unknown,
    fn: (span: ToolCallSpan) => T | PromiseLike<T>,
  ): Promise<T> {
    return traceToolCall(
      this.#environment,
      agentSpan,
      this.#runs.get(agentSpan),
      toolName,
      input,
      fn,
    );
  }

  /** Links two agents' spans in both directions, for example the two sides of a hand-off. */
  linkAgentSpans(
    from: AgentSpan,
    to: AgentSpan | SpanContext,
    options: { readonly relationship?: string } = {},
  ): void {
    const relationship = options.relationship ?? "handoff";
    from.addLink(to, { "link.relationship": relationship, "link.direction": "to" });
    const target = "agentName" in to ? to : undefined;
    target?.addLink(from, { "link.relationship": relationship, "link.direction": "from" });
    this.#environment.metrics.increment("agent.handoff", 1, {
      from_agent: from.agentName,
      to_agent: target?.agentName ?? "remote",
    });
  }

  /** The names of the agents from the outermost to this one. */
  getAgentLineage(agentSpan: AgentSpan): string[] {
    return this.#runs.get(agentSpan)?.lineage() ?? [];
  }

  #completeRun(span: Span, agentName: string, run: AgentRun, start: number): void {
    const { metrics } = this.#environment;
    const tags = { agent: agentName };
    span.setTag("agent.steps", run.steps);
    metrics.increment("agent.run.count", 1, tags);
    metrics.distribution("agent.run.duration", performance.now() - start, tags);
    metrics.distribution("agent.run.steps", run.steps, tags);
    if (span.getTag("error") !== undefined) metrics.increment("agent.run.error", 1, tags);
  }
}

/**
 * Creates the agent client: runs, steps and tools as APM spans, LLM Observability spans and metrics.
 *
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong; nothing throws later.
 * @example
 * ```ts
 * import { createAgents } from "@llmdevops/dd-agent";
 *
 * const agents = createAgents({ service: "assistant" });
 * await agents.traceAgent({ agentName: "researcher" }, async (agent) => {
 *   await agents.traceToolCall(agent, "search", { query: "refunds" }, () => search("refunds"));
 * });
 * ```
 */
export function createAgents(options: AgentsOptions = {}): Agents {
  return new Agents({
    tracing: options.tracing ?? createTracing(options),
    metrics: options.metrics ?? discardingMetricsSink,
    recordsContent: options.recordContent ?? false,
  });
}
