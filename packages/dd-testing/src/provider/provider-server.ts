import type { RecordedProviderRequest } from "./recorded-request.ts";
import type { ProviderRecording } from "./recording.ts";
import type { ReplayOptions } from "./replay-script.ts";
import type { ReplySource, RespondOptions } from "./reply-script.ts";
import type { ProviderRequestMatcher } from "./request-matcher.ts";
import type { WaitForRequestOptions } from "./request-waiters.ts";
import type { ProviderUsageTotal } from "./usage-totals.ts";

/** A running provider server. */
export interface ProviderServer {
  /** Address without a path, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Base URLs to give to the official SDKs. */
  readonly baseUrls: {
    /** For `baseURL` of `@anthropic-ai/sdk`. */
    readonly anthropic: string;
    /** For `baseURL` of `openai`. */
    readonly openai: string;
    /** For `httpOptions.baseUrl` of `@google/genai`. */
    readonly gemini: string;
    /** For `endpoint` of a Bedrock runtime client; HTTP/1.1 and HTTP/2 are served. */
    readonly bedrock: string;
  };
  /**
   * Answers the next valid requests with these replies, one each, whatever they ask for.
   *
   * @throws TypeError for an invalid reply, RangeError beyond 10,000 waiting replies.
   */
  enqueue(...replies: readonly ReplySource[]): void;
  /**
   * Answers matching requests while the queue is empty; the newest matching rule wins.
   *
   * @returns A function that removes the rule.
   * @throws TypeError for an invalid reply or count, RangeError beyond 10,000 rules.
   */
  respond(
    matcher: ProviderRequestMatcher,
    reply: ReplySource,
    options?: RespondOptions,
  ): () => void;
  /**
   * Answers requests with recorded exchanges of the same path while the queue is empty, before any rule: with the
   * exchange of the same body, else of the same model and the same wish for a stream; of several in turn.
   *
   * @returns A function that removes the recordings.
   * @throws TypeError for an invalid option, RangeError beyond 10,000 sets of recordings.
   */
  replay(recordings: readonly ProviderRecording[], options?: ReplayOptions): () => void;
  /** The remembered requests, oldest first. */
  requests(): RecordedProviderRequest[];
  /** Requests forgotten because `maxRequests` or `maxLogBytes` was reached. */
  droppedRequests(): number;
  /** Usage that clients were told, by provider and model, of all requests that have ended. */
  usageSent(): ProviderUsageTotal[];
  /** Resolves with the first remembered request that fits; rejects after the time-out. */
  waitForRequest(
    predicate: (request: RecordedProviderRequest) => boolean,
    options?: WaitForRequestOptions,
  ): Promise<RecordedProviderRequest>;
  /** Forgets scripted replies, requests and usage. */
  clear(): void;
  /** Ends all connections and the server; calling it again changes nothing. */
  stop(): Promise<void>;
  /** Stops the server at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>;
}
