import { isRecord } from "../../formats/unknown-record.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import { quietly } from "../observed-model-call.ts";
import { type AgentsDropReason, AgentsTrace } from "./agents-trace.ts";
import { traceIdOf } from "./framework-span.ts";
import {
  type OpenAIAgentsOptions,
  type ResolvedOpenAIAgentsOptions,
  resolveOpenAIAgentsOptions,
} from "./openai-agents-options.ts";

/** What `addTraceProcessor` of the OpenAI Agents SDK takes. No method throws or rejects. */
export interface OpenAIAgentsProcessor {
  /** Begins to follow a trace. */
  onTraceStart(trace: object): Promise<void>;
  /** Ends what is still open of a trace. */
  onTraceEnd(trace: object): Promise<void>;
  /** Starts the span of an agent, tool, model call or guardrail. */
  onSpanStart(span: object): Promise<void>;
  /** Ends that span with its output, usage or error. */
  onSpanEnd(span: object): Promise<void>;
  /** Ends all traces and sends what is recorded; resolves when the `flush` of the options does. */
  shutdown(timeout?: number): Promise<void>;
  /** Sends what is recorded; resolves when the `flush` of the options does. */
  forceFlush(): Promise<void>;
  /** What is open, and what was not recorded, by reason. */
  report(): OpenAIAgentsReport;
}

/** The state of a processor. */
export interface OpenAIAgentsReport {
  /** Traces that are followed. */
  readonly openTraces: number;
  /** Spans of these traces that have begun and not ended. */
  readonly openSpans: number;
  /**
   * What was not recorded, or not to its end, by reason: `trace_evicted` counts traces that were ended for others,
   * `unknown_trace` spans of a trace that is not followed.
   */
  readonly dropped: Readonly<Record<AgentsDropReason | "trace_evicted" | "unknown_trace", number>>;
}

/** The SDK does not tell that a run has failed: a trace whose last span has failed ends after this time (ms). */
const brokenTraceEndMs = 1_000;

const integration = {
  name: "openai-agents",
  channel: "apm:openai-agents:agents-core:loaded",
  instrument: "createOpenAIAgentsProcessor",
};

/**
 * Makes a trace processor for the OpenAI Agents SDK: each trace becomes a run whose agents, hand-offs, tools, model
 * calls and guardrails are recorded with usage and cost.
 *
 * Where the SDK's OpenAI client is instrumented with `instrumentOpenAI` too, the calls are recorded once, by that:
 * always where this is the first processor, else where the answer is not streamed.
 *
 * @throws {ConfigurationError} When a client cannot record what it should, or another option is wrong.
 * @example
 * ```ts
 * import { createOpenAIAgentsProcessor } from "@llmdevops/dd-llm";
 * import { addTraceProcessor } from "@openai/agents";
 *
 * addTraceProcessor(createOpenAIAgentsProcessor({ agents: client, llm: client }));
 * ```
 * @see https://openai.github.io/openai-agents-js/guides/tracing/
 */
export function createOpenAIAgentsProcessor(options: OpenAIAgentsOptions): OpenAIAgentsProcessor {
  return new Processor(resolveOpenAIAgentsOptions(options));
}

class Processor implements OpenAIAgentsProcessor {
  readonly #options: ResolvedOpenAIAgentsOptions;
  readonly #traces = new Map<string, AgentsTrace>();
  readonly #dropped: Record<keyof OpenAIAgentsReport["dropped"], number> = {
    too_many_open_spans: 0,
    unknown_span_ended: 0,
    never_ended: 0,
    trace_evicted: 0,
    unknown_trace: 0,
  };

  constructor(options: ResolvedOpenAIAgentsOptions) {
    this.#options = options;
  }

  async onTraceStart(trace: object): Promise<void> {
    quietly(() => {
      warnOfDuplicateCapture(integration, this.#options.logger);
      const traceId = traceIdOf(trace);
      if (traceId === undefined || !isRecord(trace) || this.#traces.has(traceId)) return;
      const oldest = this.#traces.keys().next().value;
      if (this.#traces.size >= this.#options.maximumTraces && oldest !== undefined) {
        this.#drop("trace_evicted");
        this.#end(oldest);
      }
      const drop = (reason: AgentsDropReason) => this.#drop(reason);
      this.#traces.set(traceId, new AgentsTrace(this.#options, drop, trace));
    });
  }

  async onTraceEnd(trace: object): Promise<void> {
    quietly(() => this.#end(traceIdOf(trace) ?? ""));
  }

  async onSpanStart(span: object): Promise<void> {
    quietly(() => this.#traceOf(span)?.spanStarted(span));
  }

  async onSpanEnd(span: object): Promise<void> {
    quietly(() => {
      const trace = this.#traceOf(span);
      trace?.spanEnded(span);
      if (trace?.isBroken === true) this.#endSoon(traceIdOf(span) ?? "", trace);
    });
  }

  async shutdown(): Promise<void> {
    for (const traceId of [...this.#traces.keys()]) quietly(() => this.#end(traceId));
    await this.forceFlush();
  }

  async forceFlush(): Promise<void> {
    try {
      await this.#options.flush();
    } catch {
      // The application waits for this; what could not be sent is counted by the client.
    }
  }

  report(): OpenAIAgentsReport {
    let openSpans = 0;
    for (const trace of this.#traces.values()) openSpans += trace.openSpans;
    return { openTraces: this.#traces.size, openSpans, dropped: { ...this.#dropped } };
  }

  #traceOf(span: object): AgentsTrace | undefined {
    const trace = this.#traces.get(traceIdOf(span) ?? "");
    if (trace === undefined) this.#drop("unknown_trace");
    return trace;
  }

  #endSoon(traceId: string, trace: AgentsTrace): void {
    const timer = setTimeout(() => {
      // The application may have gone on within the trace meanwhile.
      if (trace.isBroken && this.#traces.get(traceId) === trace) this.#end(traceId);
    }, brokenTraceEndMs);
    timer.unref();
  }

  #end(traceId: string): void {
    const trace = this.#traces.get(traceId);
    this.#traces.delete(traceId);
    trace?.end();
  }

  #drop(reason: keyof OpenAIAgentsReport["dropped"]): void {
    this.#dropped[reason] += 1;
  }
}
