import type { Span, Tracing } from "@llmdevops/dd-core";
import type { TokenUsage } from "../usage/token-usage.ts";

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
   * The stream is followed by its first iteration, or by its `tee()`. What is no async iterable is returned
   * untouched, and counted.
   *
   * @example
   * ```ts
   * const stream = span.observe(await openai.chat.completions.create({ ...request, stream: true }));
   * for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
   * ```
   */
  observe<S extends AsyncIterable<unknown>>(stream: S): S;
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
