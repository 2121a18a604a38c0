import { type Diagnostics, type Span, SpanDecorator, type TagGuard } from "@llmdevops/dd-core";
import type { ContentPolicy } from "../content/content-policy.ts";
import { outputText } from "../content/conversation.ts";
import type { CallCost, PricedCall } from "../cost/call-cost.ts";
import { classifyLLMError, type LLMErrorClass } from "../errors/error-class.ts";
import type { StreamFailure } from "../formats/model-output.ts";
import { readModelOutput } from "../formats/read-output.ts";
import { microseconds } from "../stream/microseconds.ts";
import { observeStream, type StreamOptions } from "../stream/observe-stream.ts";
import { graver, type StreamOutcome } from "../stream/stream-outcome.ts";
import type { TokenUsage } from "../usage/token-usage.ts";
import { CallContent } from "./call-content.ts";
import type { CallRecord } from "./call-record.ts";
import type { LLMSpan, ObservableStream } from "./llm-span.ts";
import { type ModelCall, readOption } from "./model-call.ts";
import { RecordedCall } from "./recorded-call.ts";

/** What the spans of one client share. */
export interface LLMSpanEnvironment {
  readonly policy: ContentPolicy;
  readonly guard: TagGuard;
  readonly diagnostics: Diagnostics;
}

/** An LLM span in the making. */
export class RecordedLLMSpan extends SpanDecorator implements LLMSpan {
  readonly #environment: LLMSpanEnvironment;
  readonly #call: ModelCall;
  readonly #answer: RecordedCall;
  readonly #content: CallContent;
  /** When the call began, on the clock of `performance.now` (ms). */
  readonly #start: number;
  #observed: WeakSet<object> | undefined;
  #streamOutcome: StreamOutcome | undefined;
  #errorClass: LLMErrorClass | undefined;
  #latencyMs: number | undefined;
  #endTime: number | undefined;
  #openStreams = 0;
  #retries = 0;
  #held = false;

  constructor(span: Span, call: ModelCall, environment: LLMSpanEnvironment) {
    super(span);
    this.#call = call;
    this.#environment = environment;
    this.#content = new CallContent(span, environment.policy, environment.guard);
    this.#start = performance.now() - call.elapsedMs;
    this.#answer = new RecordedCall(this.#start, this.#content.isKept);
  }

  /** What may be shown of the call; complete once the call has been recorded. */
  get policy(): ContentPolicy {
    return this.#content.policy;
  }

  setInput(input: unknown): this {
    if (!this.#refusesChange() && this.#content.isKept) this.#content.setInput(input);
    return this;
  }

  setOutput(output: unknown): this {
    if (this.#refusesChange() || !this.#content.isKept) return this;
    const { text, toolCalls } =
      typeof output === "string" ? { text: output } : readModelOutput(output);
    const isRead = text !== undefined || toolCalls !== undefined;
    this.#answer.addOutput({
      text: isRead ? (text ?? "") : outputText(output),
      ...(toolCalls === undefined ? {} : { toolCalls }),
    });
    return this;
  }

  setUsage(usage: TokenUsage | object): this {
    if (!this.#refusesChange()) this.#answer.addUsage(usage);
    return this;
  }

  setFinishReason(reason: string): this {
    if (this.#refusesChange() || typeof reason !== "string") return this;
    this.#answer.addOutput({ finishReason: reason });
    return this;
  }

  recordResponse(response: unknown): this {
    if (!this.#refusesChange()) this.#answer.addResponse(response);
    return this;
  }

  recordChunk(chunk?: { readonly tokens?: number; readonly contentDelta?: string }): this {
    if (this.#refusesChange()) return this;
    const delta: unknown = readOption(chunk, "contentDelta");
    const text = typeof delta === "string" ? { textDelta: delta } : {};
    this.#answer.addDescribedChunk(
      { hasContent: delta !== "", ...text },
      readOption(chunk, "tokens"),
    );
    return this;
  }

  recordLatency(milliseconds: number): this {
    if (this.#refusesChange()) return this;
    if (Number.isFinite(milliseconds) && milliseconds >= 0) this.#latencyMs = milliseconds;
    return this;
  }

  recordRetry(error?: unknown): this {
    if (this.#refusesChange()) return this;
    this.#retries += 1;
    const type = error === undefined ? {} : { "error.type": classifyLLMError(error) };
    this.addEvent("llm.retry", { attempt: this.#retries, ...type });
    return this.setTag("llm.retries", this.#retries);
  }

  override setError(error: unknown, options?: { readonly handled?: boolean }): this {
    if (readOption(options, "handled") === true || this.finished)
      return super.setError(this.#content.shownError(error), options);
    const errorClass = classifyLLMError(error);
    // What the application stopped itself is an outcome, not a failure.
    if (errorClass === "cancelled") {
      this.#streamOutcome ??= "aborted";
      return super.setError(this.#content.shownError(error), { handled: true });
    }
    this.#errorClass ??= errorClass;
    super.setError(this.#content.shownError(error));
    return this.setTag("error.type", errorClass);
  }

  observe<S extends ObservableStream>(stream: S, options?: StreamOptions): S {
    if (this.#refusesChange() || this.#observed?.has(stream) === true) return stream;
    const observer = {
      onChunk: (chunk: unknown) => {
        if (!this.finished) this.#answer.addChunk(chunk);
      },
      onEnd: (outcome: StreamOutcome, error?: unknown) => this.#endStream(outcome, error),
    };
    const isObserved = observeStream(stream, observer, {
      signal: readOption(options, "signal"),
      events: readOption(options, "events"),
    });
    if (!isObserved) {
      this.#environment.diagnostics.count("llm_stream_not_observable");
      return stream;
    }
    this.#answer.startStream();
    this.#observed ??= new WeakSet();
    this.#observed.add(stream);
    this.#openStreams += 1;
    return stream;
  }

  /** Ends the span, also while a stream is open: what was seen of it until now is recorded. */
  override finish(endTime?: number): void {
    if (typeof endTime === "number" && Number.isFinite(endTime)) this.#endTime = endTime;
    super.finish(endTime);
  }

  /** Keeps the span open until `release`, also past the end of its streams. */
  hold(): void {
    this.#held = true;
  }

  /** Ends the span, or lets the end of its last stream do so. */
  release(): void {
    this.#held = false;
    this.#finishUnlessInUse();
  }

  /** Everything that was recorded, for the tags, metrics and events that the span ends with. */
  record(price: (call: PricedCall) => CallCost | undefined): CallRecord {
    const answer = this.#answer.summary();
    const { usage, output, stream } = answer;
    this.#recordFailure(stream?.failure);
    const { provider, model, startTime } = this.#call;
    const durationMs = this.#duration();
    const cost = price({
      provider,
      model,
      responseModel: output.responseModel,
      usage,
      serviceTier: this.#call.serviceTier ?? this.#answer.serviceTier,
      time: startTime,
    });
    this.#content.decide(() => ({
      traceId: this.traceId,
      hasFailed: this.#errorClass !== undefined,
      durationMs,
      costUsd: cost?.totalUsd,
    }));
    if (output.text) this.#content.writeResponse(output.text);
    return {
      ...answer,
      call: this.#call,
      streamOutcome: stream === undefined ? undefined : this.#finalOutcome(),
      errorClass: this.#errorClass,
      durationMs,
      input: this.#content.input,
      cost,
    };
  }

  /** Lets go of prompts and answers, once they have been recorded: an application may keep the span for long. */
  forgetContent(): void {
    this.#content.forget();
    this.#answer.forgetContent();
  }

  #duration(): number {
    if (this.#latencyMs !== undefined) return this.#latencyMs;
    const end = this.#endTime;
    const duration =
      end === undefined ? performance.now() - this.#start : end - this.#call.startTime;
    return microseconds(Math.max(0, duration));
  }

  /** Of a stream that is still open nobody knows how it will end, unless the call has failed. */
  #finalOutcome(): StreamOutcome | undefined {
    if (this.#streamOutcome !== undefined) return this.#streamOutcome;
    if (this.#errorClass !== undefined) return "failed";
    return this.#openStreams > 0 ? undefined : "completed";
  }

  #recordFailure(failure: StreamFailure | undefined): void {
    // The tracing client ends a span whose time limit is over, and marks it.
    if (this.getTag("timeout") === true) this.#errorClass ??= "timeout";
    if (failure === undefined) return;
    this.#streamOutcome = "failed";
    if (this.#errorClass === undefined) {
      this.setError(Object.assign(new Error(failure.message), { code: failure.code }));
    }
  }

  #endStream(outcome: StreamOutcome, error: unknown): void {
    this.#openStreams -= 1;
    if (this.finished) return;
    this.#streamOutcome = graver(this.#streamOutcome, outcome);
    if (outcome === "failed") this.setError(error);
    if (!this.#held) this.#finishUnlessInUse();
  }

  #finishUnlessInUse(): void {
    if (this.#openStreams === 0 && !this.finished) this.finish();
  }

  #refusesChange(): boolean {
    if (this.finished) this.#environment.diagnostics.count("span_changed_after_finish");
    return this.finished;
  }
}
