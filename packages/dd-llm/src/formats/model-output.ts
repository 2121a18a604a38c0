import type { TokenUsage } from "../usage/token-usage.ts";

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
  readonly key: string;
  readonly id?: string;
  readonly name?: string;
  readonly argumentsDelta?: string;
}

/** What one chunk of a stream says. */
export interface ChunkFacts {
  readonly textDelta?: string;
  /** Text, reasoning or part of a tool call: what a user waits for. */
  readonly hasContent?: boolean;
  readonly toolCallDeltas?: readonly ToolCallDelta[];
  /** Counts known so far; later ones replace earlier ones. */
  readonly usage?: TokenUsage;
  readonly finishReason?: string;
  readonly responseModel?: string;
  /** The provider reported a failure inside the stream. */
  readonly failure?: string;
}
