import type { ChunkFacts, ToolCall } from "../formats/model-output.ts";
import type { TokenUsage } from "../usage/token-usage.ts";

/** How a stream came to its end. */
export type StreamOutcome = "completed" | "cancelled" | "aborted" | "failed";

/** What was seen of a stream. */
export interface StreamSummary {
  readonly chunkCount: number;
  /** From the start of the call to the first content (ms); absent when none came. */
  readonly timeToFirstTokenMs: number | undefined;
  /** From the first content to the last (ms). */
  readonly streamingDurationMs: number | undefined;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: TokenUsage;
  readonly finishReason: string | undefined;
  readonly responseModel: string | undefined;
  readonly failure: string | undefined;
}

/** Longest text kept of a stream (UTF-16 code units): what LLM Observability could take at most. */
const maximumText = 2_000_000;
const maximumToolCalls = 256;

/** Gathers what the chunks of a stream say; memory is bounded. */
export class StreamRecorder {
  readonly #startTime: number;
  readonly #now: () => number;
  readonly #keepsText: boolean;
  readonly #texts: string[] = [];
  #textLength = 0;
  readonly #toolCalls: { id?: string; name?: string; arguments: string }[] = [];
  readonly #toolCallByKey = new Map<string, { id?: string; name?: string; arguments: string }>();
  #chunkCount = 0;
  #firstContent: number | undefined;
  #lastContent: number | undefined;
  #usage: TokenUsage = {};
  #finishReason: string | undefined;
  #responseModel: string | undefined;
  #failure: string | undefined;

  /** @param startTime When the call began, on the clock `now` (ms). */
  constructor(startTime: number, keepsText: boolean, now: () => number = () => performance.now()) {
    this.#startTime = startTime;
    this.#keepsText = keepsText;
    this.#now = now;
  }

  record(facts: ChunkFacts): void {
    this.#chunkCount += 1;
    if (facts.hasContent === true) {
      this.#lastContent = this.#now();
      this.#firstContent ??= this.#lastContent;
    }
    if (facts.textDelta !== undefined && this.#keepsText && this.#textLength < maximumText) {
      this.#texts.push(facts.textDelta);
      this.#textLength += facts.textDelta.length;
    }
    for (const delta of facts.toolCallDeltas ?? []) this.#recordToolCall(delta);
    if (facts.usage !== undefined) this.#usage = mergeUsage(this.#usage, facts.usage);
    this.#finishReason = facts.finishReason ?? this.#finishReason;
    this.#responseModel = facts.responseModel ?? this.#responseModel;
    this.#failure = facts.failure ?? this.#failure;
  }

  summary(): StreamSummary {
    const first = this.#firstContent;
    const last = this.#lastContent;
    return {
      chunkCount: this.#chunkCount,
      timeToFirstTokenMs: first === undefined ? undefined : microseconds(first - this.#startTime),
      streamingDurationMs:
        first === undefined || last === undefined ? undefined : microseconds(last - first),
      text: this.#texts.join(""),
      toolCalls: this.#toolCalls,
      usage: this.#usage,
      finishReason: this.#finishReason,
      responseModel: this.#responseModel,
      failure: this.#failure,
    };
  }

  #recordToolCall(delta: NonNullable<ChunkFacts["toolCallDeltas"]>[number]): void {
    let call = delta.key === "" ? undefined : this.#toolCallByKey.get(delta.key);
    if (call === undefined) {
      if (this.#toolCalls.length >= maximumToolCalls) return;
      call = { arguments: "" };
      this.#toolCalls.push(call);
      if (delta.key !== "") this.#toolCallByKey.set(delta.key, call);
    }
    if (delta.id !== undefined) call.id = delta.id;
    if (delta.name !== undefined) call.name = delta.name;
    if (
      delta.argumentsDelta !== undefined &&
      this.#keepsText &&
      call.arguments.length < maximumText
    ) {
      call.arguments += delta.argumentsDelta;
    }
  }
}

/** Milliseconds without the digits that no clock has. */
function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}

/**
 * Joins usage that came in parts: later counts replace earlier ones. Anthropic's closing event may repeat only
 * the uncached part of the input, so an input is never replaced by a smaller one.
 */
function mergeUsage(earlier: TokenUsage, later: TokenUsage): TokenUsage {
  const merged = { ...earlier, ...later };
  const inputTokens = Math.max(earlier.inputTokens ?? -1, later.inputTokens ?? -1);
  if (inputTokens < 0) return merged;
  const outputTokens = merged.outputTokens;
  const totalTokens = outputTokens === undefined ? undefined : inputTokens + outputTokens;
  return {
    ...merged,
    inputTokens,
    ...(totalTokens === undefined
      ? {}
      : { totalTokens: Math.max(totalTokens, later.totalTokens ?? 0) }),
  };
}
