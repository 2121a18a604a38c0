import type { Span } from "@llmdevops/dd-core";
import { type AgentEnvironment, sendTime } from "./agent-environment.ts";
import type { AgentRun } from "./agent-run.ts";
import { ScopedSpan } from "./agent-span.ts";
import { type AgentWork, endWork } from "./agent-work.ts";
import { estimateSize } from "./value-size.ts";

/** What a tool's function may report of the call it serves. No method throws. */
export interface ToolCallSpan extends Span {
  /** Says that the answer came from a cache. @param cached @default true */
  setCached(cached?: boolean): this;
  /** Says how often the tool was tried again, from 0. */
  setRetries(count: number): this;
  /** Records what the tool is given, where that was not known when the call began. */
  setInput(input: unknown): this;
  /** Records what the tool returned: its size, and the value itself only with `recordContent`. */
  setOutput(output: unknown): this;
}

/** The span of a tool call in the making. */
export class RecordedToolCallSpan extends ScopedSpan implements ToolCallSpan {
  readonly #work: AgentWork;
  readonly #tool: string;
  readonly #environment: AgentEnvironment;
  #cached = false;
  #retries = 0;

  constructor(span: Span, work: AgentWork, tool: string, environment: AgentEnvironment) {
    super(span, work.scope);
    this.#work = work;
    this.#tool = tool;
    this.#environment = environment;
  }

  setCached(cached = true): this {
    this.#cached = cached === true;
    return this.setTag("tool.cached", this.#cached);
  }

  setRetries(count: number): this {
    if (Number.isSafeInteger(count) && count >= 0) this.#retries = count;
    return this.setTag("tool.retries", count);
  }

  setInput(input: unknown): this {
    if (this.finished) return this;
    this.setTag("tool.input_size", estimateSize(input));
    this.noteInput(input);
    return this;
  }

  setOutput(output: unknown): this {
    if (this.finished) return this;
    this.setTag("tool.output_size", estimateSize(output));
    const { tracing, recordsContent } = this.#environment;
    if (recordsContent) tracing.annotate(this, { outputData: output });
    return this;
  }

  /** Takes what the tool is given, whose size is known. */
  noteInput(input: unknown): void {
    const { tracing, recordsContent } = this.#environment;
    if (recordsContent) tracing.annotate(this, { inputData: input });
    const { run } = this.#work;
    run?.ledger.guard?.noteToolCall(run.agentName, this.#tool, input);
  }

  /** Counts the call, just before its span ends. @param span The one underneath. */
  complete(span: Span): void {
    const failed = hasFailed(span);
    span.setTag("tool.success", !failed);
    const micros = endWork(this.#work);
    const { run } = this.#work;
    if (run !== undefined) this.#count(run, failed, micros);
    this.#send(failed, micros / 1e3);
  }

  #count(run: AgentRun, failed: boolean, durationMicros: number): void {
    for (const tally of run.tallies) {
      tally.toolMicros += durationMicros;
      // Retries as far as they are a whole number from 0.
      tally.retries += this.#retries;
      if (this.#cached) tally.cachedToolCalls += 1;
      if (failed) tally.toolErrors += 1;
    }
    run.connectTool(this.#tool, { failed, durationMicros });
  }

  #send(failed: boolean, milliseconds: number): void {
    const { metrics } = this.#environment;
    const agent = this.#work.agentName;
    const tool = this.#tool;
    const tags = { agent, tool, cached: this.#cached };
    sendTime(this.#environment, "agent.tool.duration", milliseconds, tags);
    const outcome = { agent, tool, cached: this.#cached, success: !failed };
    metrics.increment("agent.tool.calls", 1, outcome);
    if (failed) metrics.increment("agent.tool.error", 1, tags);
  }
}

function hasFailed(span: Span): boolean {
  const error = span.getTag("error");
  return error === true || error === 1;
}
