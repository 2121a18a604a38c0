import type { Span } from "@llmdevops/dd-core";
import { arrayAt, textAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import type { RecordedAgent, RecordedTool } from "../agent-recorder.ts";
import { type ModelCallOffer, offerModelCall } from "../model-call-offer.ts";
import { errorOf, type FrameworkSpan, readFrameworkSpan } from "./framework-span.ts";
import { isModelSpan, recordModelSpan } from "./model-span.ts";
import type { ResolvedOpenAIAgentsOptions } from "./openai-agents-options.ts";

/** A span of the SDK that has not ended. */
interface OpenSpan {
  readonly source: unknown;
  readonly facts: FrameworkSpan;
  /** The agent that it belongs to: itself, or the nearest above it. */
  readonly agent: RecordedAgent;
  /** What is started inside is a child of this. */
  readonly span: Span;
  readonly turn: unknown;
  readonly offer?: ModelCallOffer;
  /** When it was told of (ms since the epoch), finer than what the SDK says. */
  readonly seenAt: number;
}

/** Why something of a trace was not recorded. */
export type AgentsDropReason = "too_many_open_spans" | "unknown_span_ended" | "never_ended";

/** One trace of the SDK: a workflow, and the agents, tools and model calls in it. */
export class AgentsTrace {
  readonly #options: ResolvedOpenAIAgentsOptions;
  readonly #drop: (reason: AgentsDropReason) => void;
  readonly #workflow: RecordedAgent;
  readonly #open = new Map<string, OpenSpan>();
  /** The agents that have handed over, by the name of the one that goes on. */
  readonly #handoffs = new Map<string, RecordedAgent>();
  #lastError: Error | undefined;

  constructor(
    options: ResolvedOpenAIAgentsOptions,
    drop: (reason: AgentsDropReason) => void,
    trace: UnknownRecord,
  ) {
    const name = textAt(trace, "name") ?? "Agent workflow";
    const conversationId = textAt(trace, "groupId");
    this.#options = options;
    this.#drop = drop;
    this.#workflow = options.agents.startAgentSpan("agent.workflow", {
      agentName: name,
      kind: "workflow",
      tags: { "openai.trace_id": textAt(trace, "traceId") },
      ...(conversationId === undefined ? {} : { conversationId }),
    });
  }

  /** Whether all spans have ended, the last of them with an error. */
  get isBroken(): boolean {
    return this.#open.size === 0 && this.#lastError !== undefined;
  }

  get #recordsContent(): boolean {
    return this.#workflow.recordsContent === true;
  }

  get openSpans(): number {
    return this.#open.size;
  }

  spanStarted(source: unknown): void {
    const facts = readFrameworkSpan(source);
    if (facts === undefined || this.#open.has(facts.spanId)) return;
    if (this.#open.size >= this.#options.maximumOpenSpans) {
      this.#drop("too_many_open_spans");
      return;
    }
    const parent = this.#open.get(facts.parentId ?? "");
    const agent = parent?.agent ?? this.#workflow;
    const around = parent?.span ?? this.#workflow;
    const turn = facts.type === "turn" ? facts.data["turn"] : parent?.turn;
    const seenAt = performance.timeOrigin + performance.now();
    const base = { source, facts, agent, span: around, turn, seenAt };
    this.#open.set(facts.spanId, { ...base, ...this.#start(facts, agent, around, turn) });
  }

  spanEnded(source: unknown): void {
    const spanId = readFrameworkSpan(source)?.spanId ?? "";
    const open = this.#open.get(spanId);
    if (open === undefined) {
      this.#drop("unknown_span_ended");
      return;
    }
    this.#open.delete(spanId);
    this.#lastError = errorOf(source, this.#recordsContent);
    this.#end(open, source);
  }

  /** Ends the trace, and whatever of it has not ended, the innermost first. */
  end(): void {
    for (const open of [...this.#open.values()].reverse()) {
      this.#drop("never_ended");
      open.span.setTag("openai.never_ended", true);
      this.#end(open, open.source);
    }
    this.#open.clear();
    if (this.#lastError !== undefined) this.#workflow.setError(this.#lastError);
    this.#workflow.finish();
  }

  #start(
    { type, data, spanId }: FrameworkSpan,
    agent: RecordedAgent,
    around: Span,
    turn: unknown,
  ): Partial<OpenSpan> {
    const tags = { "openai.span_id": spanId, "agent.turn": turn };
    const name = textAt(data, "name") ?? type;
    const { agents, llm } = this.#options;
    if (type === "agent") {
      const span = this.#startAgent(name, data, agent, around, tags);
      return { span, agent: span };
    }
    if (type === "function") return { span: agents.startToolCall(agent, name).setTags(tags) };
    if (isModelSpan(type)) return { offer: offerModelCall(around) };
    if (type === "guardrail" || type === "custom" || type === "mcp_tools") {
      const resource = type === "mcp_tools" ? "tools/list" : name;
      return { span: llm.startTaskSpan(`agent.${type}`, { resource, tags, childOf: around }) };
    }
    // Tasks, turns and groups only hold others together; hand-offs are links.
    return {};
  }

  #startAgent(
    agentName: string,
    data: UnknownRecord,
    parent: RecordedAgent,
    around: Span,
    tags: Readonly<Record<string, unknown>>,
  ): RecordedAgent {
    const predecessor = this.#handoffs.get(agentName);
    this.#handoffs.delete(agentName);
    return this.#options.agents.startAgentSpan("agent.run", {
      agentName,
      childOf: around,
      tags,
      ...(predecessor === undefined ? { parentAgentSpan: parent } : { handoffFrom: predecessor }),
      manifest: {
        framework: "openai-agents",
        tools: texts(arrayAt(data, "tools")),
        handoffs: texts(arrayAt(data, "handoffs")),
      },
    });
  }

  #end({ facts, agent, span, turn, offer, seenAt }: OpenSpan, source: unknown): void {
    const { type } = facts;
    const data = readFrameworkSpan(source)?.data ?? facts.data;
    if (type === "handoff") this.#handOver(data, agent);
    if (offer !== undefined) {
      offer.isOpen = false;
      // An instrumented client has recorded it, with more detail than is known here.
      if (offer.isTaken) return;
      recordModelSpan(source, type, data, span, this.#options, { "agent.turn": turn }, seenAt);
      return;
    }
    const isOwn = span !== this.#workflow && ownTypes.has(type);
    if (!isOwn) return;
    const error = errorOf(source, this.#recordsContent);
    if (type === "function") recordTool(span as RecordedTool, data);
    if (type === "guardrail") span.setTag("guardrail.triggered", data["triggered"] === true);
    if (error !== undefined) span.setError(error);
    span.finish();
  }

  #handOver(data: UnknownRecord, from: RecordedAgent): void {
    const to = textAt(data, "to_agent");
    if (to === undefined) return;
    from.setOutcome("handed_off");
    // One at a time goes on; what was never taken up is forgotten.
    this.#handoffs.clear();
    this.#handoffs.set(to, from);
  }
}

const ownTypes: ReadonlySet<string> = new Set([
  "agent",
  "function",
  "guardrail",
  "custom",
  "mcp_tools",
]);

function recordTool(span: RecordedTool, data: UnknownRecord): void {
  const { input, output } = data;
  if (typeof input === "string" && input !== "") span.setInput(input);
  if (output !== undefined && output !== "") span.setOutput(output);
}

function texts(list: readonly unknown[]): string[] {
  return list.filter((item) => typeof item === "string");
}
