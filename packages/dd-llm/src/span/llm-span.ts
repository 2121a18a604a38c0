import { type Span, SpanDecorator, type Tracing } from "@llmdevops/dd-core";
import type { ContentPolicy } from "../content/content-policy.ts";
import { writeContentTags } from "../content/content-tags.ts";
import { toMessages } from "../content/conversation.ts";
import type { CallCost, PricedCall } from "../cost/call-cost.ts";
import { classifyLLMError, type LLMErrorClass } from "../errors/error-class.ts";
import type { ModelOutput, ToolCall } from "../formats/model-output.ts";
import { readChunk, readModelOutput } from "../formats/read-output.ts";
import { observeStream } from "../stream/observe-stream.ts";
import {
  type StreamOutcome,
  StreamRecorder,
  type StreamSummary,
} from "../stream/stream-recorder.ts";
import { normalizeUsage } from "../usage/normalize-usage.ts";
import type { TokenUsage } from "../usage/token-usage.ts";
import type { LLMSpanOptions } from "./llm-span-options.ts";

/** A span of one model call. No method throws. */
export interface LLMSpan extends Span {
  /** Records the prompt, as far as the content policy allows: text, messages, or Gemini contents. */
  setInput(input: unknown): this;
  /** Records the answer's text, as far as the content policy allows. */
  setOutput(output: unknown): this;
  /** Records token counts: a provider's usage object as it came, or the normal form. */
  setUsage(usage: TokenUsage | object): this;
  setFinishReason(reason: string): this;
  /** Takes usage, model, finish reason and answer from a provider's complete response. */
  recordResponse(response: unknown): this;
  /** Records a chunk of a stream that is read by hand. */
  recordChunk(chunk?: { readonly tokens?: number; readonly contentDelta?: string }): this;
  /** Records the duration of the model call (ms) where it differs from the span's own. */
  recordLatency(milliseconds: number): this;
  /**
   * Observes a provider's stream and returns the same object; the span stays open until the stream has ended,
   * however it ends.
   */
  observe<S extends AsyncIterable<unknown>>(stream: S): S;
}

/** What is known of a call when its span ends. */
export interface CallRecord {
  readonly options: LLMSpanOptions;
  readonly usage: TokenUsage;
  readonly output: ModelOutput;
  readonly stream: StreamSummary | undefined;
  readonly streamOutcome: StreamOutcome | undefined;
  readonly errorClass: LLMErrorClass | undefined;
  readonly durationMs: number;
  readonly startTime: number;
  readonly input: unknown;
  readonly cost: CallCost | undefined;
}

/** An LLM span in the making. */
export class RecordedLLMSpan extends SpanDecorator implements LLMSpan {
  readonly #options: LLMSpanOptions;
  readonly #policy: ContentPolicy;
  readonly #startTime = Date.now();
  readonly #start = performance.now();
  #input: unknown;
  #usage: TokenUsage = {};
  #output: ModelOutput = {};
  #recorder: StreamRecorder | undefined;
  #manualTokens = 0;
  #streamOutcome: StreamOutcome | undefined;
  #errorClass: LLMErrorClass | undefined;
  #latencyMs: number | undefined;
  #openStreams = 0;
  #held = false;

  constructor(span: Span, options: LLMSpanOptions, policy: ContentPolicy) {
    super(span);
    this.#options = options;
    this.#policy = policy;
  }

  setInput(input: unknown): this {
    if (this.#policy.mode === "none" || this.finished) return this;
    const messages = toMessages(input);
    this.#input = messages;
    const text = messages.map((message) => message.content ?? "").join("\n");
    writeContentTags(this, "prompt", text, this.#policy);
    return this;
  }

  setOutput(output: unknown): this {
    const read = typeof output === "string" ? { text: output } : readModelOutput(output);
    this.#output = { ...this.#output, ...read };
    return this;
  }

  setUsage(usage: TokenUsage | object): this {
    this.#usage = { ...this.#usage, ...normalizeUsage(usage) };
    return this;
  }

  setFinishReason(reason: string): this {
    this.#output = { ...this.#output, finishReason: String(reason) };
    return this;
  }

  recordResponse(response: unknown): this {
    const output = readModelOutput(response);
    this.#output = { ...this.#output, ...output };
    if (output.usage !== undefined) this.setUsage(output.usage);
    return this;
  }

  recordChunk(chunk: { readonly tokens?: number; readonly contentDelta?: string } = {}): this {
    const delta = chunk.contentDelta;
    this.#startRecording().record({
      hasContent: delta !== "",
      ...(delta === undefined ? {} : { textDelta: delta }),
    });
    this.#manualTokens += chunk.tokens ?? 0;
    return this;
  }

  recordLatency(milliseconds: number): this {
    if (Number.isFinite(milliseconds) && milliseconds >= 0) this.#latencyMs = milliseconds;
    return this;
  }

  override setError(error: unknown, options?: { readonly handled?: boolean }): this {
    if (options?.handled === true) return super.setError(error, options) as this;
    const errorClass = classifyLLMError(error);
    // What the application stopped itself is an outcome, not a failure.
    if (errorClass === "cancelled") {
      this.#streamOutcome ??= "aborted";
      return super.setError(error, { handled: true }) as this;
    }
    this.#errorClass ??= errorClass;
    super.setError(error);
    super.setTag("error.type", errorClass);
    return this;
  }

  observe<S extends AsyncIterable<unknown>>(stream: S): S {
    const recorder = this.#startRecording();
    this.#openStreams += 1;
    return observeStream(stream, {
      onChunk: (chunk) => recorder.record(readChunk(chunk)),
      onEnd: (outcome, error) => {
        this.#streamOutcome ??= outcome;
        if (outcome === "failed") this.setError(error);
        this.#openStreams -= 1;
        if (!this.#held) this.#finishUnlessStreaming();
      },
    });
  }

  /** Keeps the span open until `release`, also past the end of its streams. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#finishUnlessStreaming();
  }

  /** Everything that was recorded, for the tags, metrics and events that the span ends with. */
  record(price: (call: PricedCall) => CallCost | undefined): CallRecord {
    const stream = this.#recorder?.summary();
    if (stream?.failure !== undefined && this.#errorClass === undefined) {
      this.setError(new Error(stream.failure));
    }
    const output = mergeOutput(this.#output, stream);
    const usage = withManualTokens({ ...stream?.usage, ...this.#usage }, this.#manualTokens);
    if (this.#policy.mode !== "none" && output.text) {
      writeContentTags(this, "response", output.text, this.#policy);
    }
    return {
      options: this.#options,
      usage,
      output,
      stream,
      streamOutcome: this.#streamOutcome ?? (stream === undefined ? undefined : "completed"),
      errorClass: this.#errorClass,
      durationMs: this.#latencyMs ?? performance.now() - this.#start,
      startTime: this.#startTime,
      input: this.#input,
      cost: price({
        provider: this.#options.provider,
        model: this.#options.model,
        responseModel: output.responseModel,
        usage,
        time: this.#startTime,
      }),
    };
  }

  #startRecording(): StreamRecorder {
    const keepsText = this.#policy.mode !== "none";
    this.#recorder ??= new StreamRecorder(this.#start, keepsText);
    return this.#recorder;
  }

  #finishUnlessStreaming(): void {
    if (this.#openStreams === 0 && !this.finished) this.finish();
  }
}

function mergeOutput(output: ModelOutput, stream: StreamSummary | undefined): ModelOutput {
  if (stream === undefined) return output;
  const { text, toolCalls, finishReason, responseModel } = stream;
  const streamed: { -readonly [K in keyof ModelOutput]: ModelOutput[K] } = {};
  if (text !== "") streamed.text = text;
  if (toolCalls.length > 0) streamed.toolCalls = toolCalls as readonly ToolCall[];
  if (finishReason !== undefined) streamed.finishReason = finishReason;
  if (responseModel !== undefined) streamed.responseModel = responseModel;
  return { ...streamed, ...output };
}

function withManualTokens(usage: TokenUsage, tokens: number): TokenUsage {
  return tokens > 0 && usage.outputTokens === undefined
    ? { ...usage, outputTokens: tokens }
    : usage;
}

/** Narrows the tracing client to what LLM spans need. */
export type LLMTracing = Pick<
  Tracing,
  | "annotate"
  | "configuration"
  | "diagnostics"
  | "guard"
  | "llmobsEnabled"
  | "startSpan"
  | "withSpan"
>;
