import type { Span } from "@llmdevops/dd-core";
import {
  arrayAt,
  isRecord,
  recordAt,
  textAt,
  type UnknownRecord,
} from "../../formats/unknown-record.ts";
import { mergeUsage } from "../../usage/merge-usage.ts";
import type { ResolvedClaudeAgentOptions } from "./claude-agent-options.ts";

const maximumBlocks = 256;

/** One model call of an agent, whose answer comes in several messages of the SDK, one for each block. */
export class ClaudeTurn {
  readonly messageId: string;
  readonly #startTime: number;
  readonly #blocks: unknown[] = [];
  #message: UnknownRecord = {};
  #usage: UnknownRecord | undefined;
  #firstContentTime: number | undefined;
  #endTime: number;

  /** @param startTime When the call can have begun at the earliest (ms since the epoch). */
  constructor(messageId: string, startTime: number) {
    this.messageId = messageId;
    this.#startTime = startTime;
    this.#endTime = startTime;
  }

  /** A message of the SDK with one or more blocks of the answer. */
  add(message: UnknownRecord): void {
    this.#message = message;
    this.#touch(recordAt(message, "usage"));
    const room = maximumBlocks - this.#blocks.length;
    this.#blocks.push(...arrayAt(message, "content").slice(0, room));
  }

  /** An event of the provider's stream, where the application asked for partial messages. */
  addEvent(event: UnknownRecord): void {
    if (event["type"] === "content_block_delta") this.#firstContentTime ??= Date.now();
    const usage = event["usage"] ?? recordAt(event, "message")["usage"];
    this.#touch(isRecord(usage) ? usage : {});
    const stopReason = recordAt(event, "delta")["stop_reason"];
    if (typeof stopReason === "string") {
      this.#message = { ...this.#message, stop_reason: stopReason };
    }
  }

  /** Records the call. @returns What it cost (USD), where that is known, and its tokens. */
  record(
    childOf: Span,
    { llm, provider }: ResolvedClaudeAgentOptions,
  ): { readonly costUsd: number; readonly tokens: number } {
    const span = llm.startLLMSpan("llm.request", {
      provider,
      model: textAt(this.#message, "model") ?? "unknown",
      childOf,
      startTime: this.#startTime,
      tags: { "llm.response_id": this.messageId },
    });
    span.recordResponse({
      ...this.#message,
      content: this.#blocks,
      usage: this.#usage,
      stop_reason: this.#message["stop_reason"] ?? null,
    });
    if (this.#firstContentTime !== undefined) {
      span.setTag("llm.time_to_first_token_ms", this.#firstContentTime - this.#startTime);
    }
    span.finish(this.#endTime);
    return {
      costUsd: numberOf(span.getTag("llm.cost.total_usd")),
      tokens:
        numberOf(span.getTag("llm.input_tokens")) + numberOf(span.getTag("llm.output_tokens")),
    };
  }

  #touch(usage: UnknownRecord): void {
    this.#endTime = Date.now();
    this.#usage = mergeUsage(this.#usage, usage);
  }
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
