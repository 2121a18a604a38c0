import { maximumContentLength } from "../content/conversation.ts";
import type {
  ChunkFacts,
  StreamFailure,
  ToolCall,
  ToolCallDelta,
} from "../formats/model-output.ts";
import type { UnknownRecord } from "../formats/unknown-record.ts";
import { mergeUsage } from "../usage/merge-usage.ts";
import { normalizeUsage } from "../usage/normalize-usage.ts";
import type { TokenUsage } from "../usage/token-usage.ts";
import { microseconds } from "./microseconds.ts";

/** What was seen of a stream. */
export interface StreamSummary {
  readonly chunkCount: number;
  /** From the start of the call to the first content (ms); absent when none came. */
  readonly timeToFirstTokenMs: number | undefined;
  /** From the first content to the last (ms). */
  readonly streamingDurationMs: number | undefined;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** Whether the model asked for tools, also where their calls are not kept. */
  readonly hasToolCalls: boolean;
  readonly usage: TokenUsage;
  readonly finishReason: string | undefined;
  readonly responseModel: string | undefined;
  readonly failure: StreamFailure | undefined;
}

const maximumToolCalls = 256;

interface ToolCallDraft {
  id?: string;
  name?: string;
  arguments: string;
}

/** Gathers what the chunks of a stream say; memory is bounded. */
export class StreamRecorder {
  readonly #startTime: number;
  readonly #now: () => number;
  readonly #keepsContent: boolean;
  readonly #texts: string[] = [];
  #textLength = 0;
  #argumentsLength = 0;
  readonly #toolCalls: ToolCallDraft[] = [];
  readonly #toolCallByKey = new Map<string, ToolCallDraft>();
  #hasToolCalls = false;
  #chunkCount = 0;
  #firstContent: number | undefined;
  #lastContent: number | undefined;
  #usage: UnknownRecord | undefined;
  #finishReason: string | undefined;
  #responseModel: string | undefined;
  #failure: StreamFailure | undefined;

  /**
   * @param startTime When the call began, on the clock `now` (ms).
   * @param keepsContent Whether text and tool calls are kept; without, only counts and times are.
   */
  constructor(
    startTime: number,
    keepsContent: boolean,
    now: () => number = () => performance.now(),
  ) {
    this.#startTime = startTime;
    this.#keepsContent = keepsContent;
    this.#now = now;
  }

  record(facts: ChunkFacts): void {
    this.#chunkCount += 1;
    if (facts.hasContent === true) {
      this.#lastContent = this.#now();
      this.#firstContent ??= this.#lastContent;
    }
    if (facts.textDelta !== undefined) this.#recordText(facts.textDelta);
    for (const delta of facts.toolCallDeltas ?? []) this.#recordToolCall(delta);
    this.#finishReason = facts.finishReason ?? this.#finishReason;
    this.#responseModel = facts.responseModel ?? this.#responseModel;
    this.#failure = facts.failure ?? this.#failure;
    // Last, since a provider's object may refuse to be read.
    if (facts.usage !== undefined) this.#usage = mergeUsage(this.#usage, facts.usage);
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
      hasToolCalls: this.#hasToolCalls,
      usage: normalizeUsage(this.#usage),
      finishReason: this.#finishReason,
      responseModel: this.#responseModel,
      failure: this.#failure,
    };
  }

  #recordText(delta: string): void {
    const room = maximumContentLength - this.#textLength;
    if (!this.#keepsContent || room <= 0) return;
    this.#texts.push(delta.slice(0, room));
    this.#textLength += delta.length;
  }

  #recordToolCall({ key, id, name, argumentsDelta }: ToolCallDelta): void {
    this.#hasToolCalls = true;
    let call = key === undefined ? undefined : this.#toolCallByKey.get(key);
    if (call === undefined) {
      if (!this.#keepsContent || this.#toolCalls.length >= maximumToolCalls) return;
      call = { arguments: "" };
      this.#toolCalls.push(call);
      if (key !== undefined) this.#toolCallByKey.set(key, call);
    }
    if (id !== undefined) call.id = id;
    if (name !== undefined) call.name = name;
    if (argumentsDelta !== undefined) {
      call.arguments += argumentsDelta.slice(0, maximumContentLength - this.#argumentsLength);
      this.#argumentsLength = Math.min(
        maximumContentLength,
        this.#argumentsLength + argumentsDelta.length,
      );
    }
  }
}
