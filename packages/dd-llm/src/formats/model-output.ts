import type { TokenUsage } from "../usage/token-usage.ts";
import type { UnknownRecord } from "./unknown-record.ts";

/** A call of a tool that the model asked for. */
export interface ToolCall {
  readonly id?: string;
  readonly name?: string;
  /** JSON text, as the model wrote it; of a stream that was cut it may be incomplete. */
  readonly arguments?: string;
}

/** What can be known of one complete response. */
export interface ModelOutput {
  readonly text?: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly usage?: TokenUsage;
  readonly finishReason?: string;
  readonly responseModel?: string;
}

/** A piece of a tool call in a stream; pieces with the same key belong together. */
export interface ToolCallDelta {
  /** `undefined` for a call that came whole. */
  readonly key: string | undefined;
  readonly id?: string;
  readonly name?: string;
  readonly argumentsDelta?: string;
}

/** A failure that the provider reported inside a stream. */
export interface StreamFailure {
  readonly message: string;
  /** The provider's own code, for example `rate_limit_exceeded`. */
  readonly code: string | undefined;
}

/** What one chunk of a stream says. */
export interface ChunkFacts {
  readonly textDelta?: string;
  /** Text, reasoning or part of a tool call: what a user waits for. */
  readonly hasContent?: boolean;
  readonly toolCallDeltas?: readonly ToolCallDelta[];
  /** Counts known so far, in the provider's own form. */
  readonly usage?: UnknownRecord;
  readonly finishReason?: string;
  readonly responseModel?: string;
  readonly failure?: StreamFailure;
}
