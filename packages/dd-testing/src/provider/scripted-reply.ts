import type { RawAnswer } from "./raw-answer.ts";
import type { ProviderErrorKind, ScriptedError } from "./scripted-error.ts";
import type { TokenUsage } from "./token-usage.ts";

/**
 * Why the model stopped, in words that hold for every provider. Any other string goes out as it is,
 * for reasons only one provider knows (`pause_turn`, `RECITATION`).
 */
export type ProviderFinishReason =
  | "stop"
  | "length"
  | "tool_calls"
  | "content_filter"
  | (string & {});

/** How to split a text into stream chunks: into so many pieces, into these pieces, or by a function. */
export type ChunkSplit = number | readonly string[] | ((text: string) => readonly string[]);

/** A call of a tool the model asks for. */
export interface ScriptedToolCall {
  /** Name of the tool. */
  readonly name: string;
  /** Arguments as an object, or as the exact JSON text to send. @default {} */
  readonly arguments?: Readonly<Record<string, unknown>> | string;
  /** Identifier of the call. @default one made from the request number */
  readonly id?: string;
  /** How the argument text is split in a stream; Gemini never splits it. @default 16 characters each */
  readonly chunks?: ChunkSplit;
}

/** An error inside a stream that has already begun. */
export interface ScriptedMidStreamError extends ScriptedError {
  /** Content chunks delivered before the error. @default 1 */
  readonly afterChunks?: number;
  /**
   * Event OpenAI Responses reports the error with: its final `response.failed` or a bare `error`.
   * @default "response.failed"
   */
  readonly responsesEvent?: "response.failed" | "error";
}

/**
 * What the server answers, described once for all providers.
 *
 * There is always one choice or candidate, whatever number a request asks for.
 *
 * A content chunk is a stream event that carries a piece of text, thinking or tool arguments; the
 * events around it (`message_start`, the role-only chunk, `ping`) are not counted as chunks.
 */
export interface ScriptedReply {
  /** Text of the answer. @default an echo of the last user message, or nothing beside tool calls */
  readonly text?: string;
  /** Thinking before the answer. Chat Completions cannot carry it and reports only its tokens. */
  readonly thinking?: string;
  /** Tools the model wants called. @default none */
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Vectors for an embedding request. @default derived from each input text */
  readonly embeddings?: readonly (readonly number[])[];
  /** Images as base64, for an image request. @default one transparent pixel for each one asked for */
  readonly images?: readonly string[];
  /** Bytes of an audio file, for a speech request. @default a tenth of a second of silence */
  readonly audio?: Uint8Array;
  /** Categories a moderation request finds. @default none */
  readonly flagged?: readonly string[];
  /**
   * Token counts. A missing `inputTokens` is a quarter of the prompt's characters, rounded up, plus
   * the cache counts given; a missing `outputTokens` a quarter of the answer's characters plus the
   * reasoning; a missing `reasoningTokens` a quarter of the thinking's characters.
   */
  readonly usage?: Partial<TokenUsage>;
  /** Why the model stopped. @default "tool_calls" with tool calls, else "stop" */
  readonly finishReason?: ProviderFinishReason;
  /** Model the answer names. @default the one asked for */
  readonly model?: string;
  /** How the text is split in a stream. @default at words */
  readonly chunks?: ChunkSplit;
  /** How the thinking is split in a stream. @default at words */
  readonly thinkingChunks?: ChunkSplit;
  /** Milliseconds before the first byte. @default 0 */
  readonly delayMs?: number;
  /** Milliseconds between two content chunks. @default 0 */
  readonly chunkDelayMs?: number;
  /** Called before each content chunk with its index from 0; the chunk waits for the promise. */
  readonly gate?: (chunk: number) => void | PromiseLike<void>;
  /**
   * The answer byte for byte, instead of one in the provider's format. Delays, `gate`, `headers`,
   * `truncateAfterChunks` and `cutConnection` hold for it; its usage is not known.
   */
  readonly raw?: RawAnswer;
  /** HTTP status; 400 and above make the reply an error. @default 200 */
  readonly status?: number;
  /** Makes the reply an error, by kind or in detail. */
  readonly error?: ProviderErrorKind | ScriptedError;
  /** Response headers added to, or replacing, the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Ends the stream after so many content chunks, without the closing events. A reply that is not
   * streamed loses the second half of its body instead.
   */
  readonly truncateAfterChunks?: number;
  /** Destroys the connection: where the reply is truncated, or else before the first byte. */
  readonly cutConnection?: boolean;
  /** Reports an error in the middle of the stream; an error status where nothing is streamed. */
  readonly midStreamError?: ScriptedMidStreamError;
}
