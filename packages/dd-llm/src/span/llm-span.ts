import type { Span, Tracing } from "@llmdevops/dd-core";
import type { StreamOptions } from "../stream/observe-stream.ts";
import type { EventEmitterLike } from "../stream/observed-event-emitter.ts";
import type { ReadableStreamLike } from "../stream/observed-readable-stream.ts";
import type { TokenUsage } from "../usage/token-usage.ts";

/** A stream that can be observed: what is iterated, read through a reader, or emits events. */
export type ObservableStream = AsyncIterable<unknown> | ReadableStreamLike | EventEmitterLike;

/** A span of one model call. No method throws; after the span has ended every method does nothing, and is counted. */
export interface LLMSpan extends Span {
  /**
   * Records the prompt, as far as the content policy allows.
   *
   * @param input A text, messages, Responses items, Gemini contents, or the whole request that holds them.
   */
  setInput(input: unknown): this;
  /**
   * Records the answer, as far as the content policy allows.
   *
   * @param output A text, messages, a provider's complete response, or any value that has a JSON form.
   */
  setOutput(output: unknown): this;
  /**
   * Records token counts: a provider's usage object as it came, or the normal form. Later counts replace earlier
   * ones, and those that were observed in a stream.
   */
  setUsage(usage: TokenUsage | object): this;
  /**
   * Records why the model stopped, as the provider says it, for example `end_turn`; `llm.finish_reason` is the same
   * for every provider, and `llm.finish_reason_raw` the provider's own.
   */
  setFinishReason(reason: string): this;
  /** Takes usage, model, finish reason and answer from a provider's complete response. */
  recordResponse(response: unknown): this;
  /**
   * Records a chunk of a stream that is read by hand.
   *
   * @param chunk.tokens Output tokens of this chunk; their sum counts where no usage is recorded.
   * @param chunk.contentDelta The text of this chunk; an empty one is no content.
   */
  recordChunk(chunk?: { readonly tokens?: number; readonly contentDelta?: string }): this;
  /** Records the duration of the model call (ms, at least 0) where it differs from the span's own. */
  recordLatency(milliseconds: number): this;
  /** Records that the request is sent once more, as an event. @param error What the attempt before failed of. */
  recordRetry(error?: unknown): this;
  /**
   * Observes a provider's stream and returns the same object; the span stays open until the stream has ended,
   * however it ends.
   *
   * The stream is followed by its first iteration, or by its `tee()`; a `ReadableStream` also by a reader or a pipe,
   * an emitter by its events. What is none of these is returned untouched, and counted.
   *
   * @param options.signal What the application stops the stream with. @default the stream's own `controller`
   * @param options.events The events of an emitter. @default data or chunk, end or done, error, abort or close
   *
   * @example
   * ```ts
   * const stream = span.observe(
   *   await openai.chat.completions.create({
   *     model: "gpt-5-mini",
   *     messages: [{ role: "user", content: question }],
   *     stream: true,
   *   }),
   * );
   * for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
   * ```
   */
  observe<S extends ObservableStream>(stream: S, options?: StreamOptions): S;
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
> &
  Partial<
    Pick<
      Tracing,
      "exportLLMObservabilitySpan" | "llmobsSdk" | "submitEvaluation" | "submitFeedback"
    >
  >;
