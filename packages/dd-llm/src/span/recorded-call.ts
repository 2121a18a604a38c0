import { maximumContentLength } from "../content/conversation.ts";
import { serviceTierOf } from "../cost/service-tier.ts";
import { finishReasonOf } from "../formats/finish-reason.ts";
import type { ChunkFacts, ModelOutput } from "../formats/model-output.ts";
import { readChunk, readModelOutput } from "../formats/read-output.ts";
import { StreamRecorder, type StreamSummary } from "../stream/stream-recorder.ts";
import { normalizeUsage } from "../usage/normalize-usage.ts";
import { combineUsage, sumOfCounts, type TokenUsage, tokenCount } from "../usage/token-usage.ts";
import type { CallRecord } from "./call-record.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Gathers what a provider answers to one call, whole or in a stream; text only where it may be kept. */
export class RecordedCall {
  readonly #start: number;
  readonly #keepsContent: boolean;
  readonly #output: Mutable<ModelOutput> = {};
  #hasToolCalls = false;
  #usage: TokenUsage | undefined;
  #recorder: StreamRecorder | undefined;
  #manualTokens: number | undefined;
  #serviceTier: string | undefined;

  /**
   * @param start When the call began, on the clock of `performance.now` (ms).
   * @param keepsContent Whether text and tool calls are kept.
   */
  constructor(start: number, keepsContent: boolean) {
    this.#start = start;
    this.#keepsContent = keepsContent;
  }

  /** The tier that the provider says it has answered in. */
  get serviceTier(): string | undefined {
    return this.#serviceTier;
  }

  /** Takes counts in any form; later ones replace earlier ones. */
  addUsage(usage: object): void {
    this.#addUsage(normalizeUsage(usage));
    this.#serviceTier = serviceTierOf(usage) ?? this.#serviceTier;
  }

  /** Takes everything that a complete response says. */
  addResponse(response: unknown): void {
    const output = readModelOutput(response);
    this.#serviceTier = serviceTierOf(response) ?? this.#serviceTier;
    this.addOutput(output);
    if (output.usage !== undefined) this.#addUsage(output.usage);
  }

  /** Takes an answer, or parts of one; later parts replace earlier ones. */
  addOutput({ text, toolCalls, finishReason, responseModel }: ModelOutput): void {
    const output = this.#output;
    if (finishReason !== undefined) output.finishReason = finishReason;
    if (responseModel !== undefined) output.responseModel = responseModel;
    if (toolCalls !== undefined) this.#hasToolCalls = toolCalls.length > 0;
    if (!this.#keepsContent) return;
    if (text !== undefined) output.text = text.slice(0, maximumContentLength);
    if (toolCalls !== undefined) output.toolCalls = toolCalls;
  }

  /** Notes that the answer comes as a stream. */
  startStream(): StreamRecorder {
    this.#recorder ??= new StreamRecorder(this.#start, this.#keepsContent);
    return this.#recorder;
  }

  /** Takes a chunk of a provider's stream. */
  addChunk(chunk: unknown): void {
    const facts = readChunk(chunk);
    this.startStream().record(facts);
    // The tier stands beside the counts; only then it is looked for.
    if (facts.usage !== undefined) {
      this.#serviceTier = serviceTierOf(chunk) ?? this.#serviceTier;
    }
  }

  /** Takes a chunk that the application describes itself. @param tokens Counts where no usage is recorded. */
  addDescribedChunk(facts: ChunkFacts, tokens: unknown): void {
    this.startStream().record(facts);
    this.#manualTokens = sumOfCounts(this.#manualTokens, tokenCount(tokens));
  }

  /** What is known by now. */
  summary(): Pick<CallRecord, "usage" | "output" | "stream" | "finishReason"> {
    const stream = this.#recorder?.summary();
    const output = stream === undefined ? this.#output : { ...streamed(stream), ...this.#output };
    const { finishReason: raw } = output;
    const hasToolCalls = this.#hasToolCalls || stream?.hasToolCalls === true;
    return {
      usage: this.#finalUsage(stream),
      output,
      stream,
      finishReason: raw === undefined ? undefined : finishReasonOf(raw, hasToolCalls),
    };
  }

  /** Lets go of all text. */
  forgetContent(): void {
    this.#recorder = undefined;
    if (this.#output.text !== undefined) this.#output.text = "";
    if (this.#output.toolCalls !== undefined) this.#output.toolCalls = [];
  }

  #addUsage(usage: TokenUsage): void {
    this.#usage = this.#usage === undefined ? usage : combineUsage(this.#usage, usage);
  }

  #finalUsage(stream: StreamSummary | undefined): TokenUsage {
    const own = this.#usage ?? {};
    const usage = stream === undefined ? own : combineUsage(stream.usage, own);
    return this.#manualTokens === undefined || usage.outputTokens !== undefined
      ? usage
      : combineUsage(usage, { outputTokens: this.#manualTokens });
  }
}

function streamed({ text, toolCalls, finishReason, responseModel }: StreamSummary): ModelOutput {
  return {
    ...(text === "" ? {} : { text }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(responseModel === undefined ? {} : { responseModel }),
  };
}
