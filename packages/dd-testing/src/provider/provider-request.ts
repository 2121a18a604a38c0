import type { ProviderEndpoint, ProviderName } from "./provider-name.ts";

/** One request as the server understood it; what matchers and reply functions see. */
export interface ProviderRequest {
  /** Number of the request since the server started, from 1. */
  readonly sequence: number;
  /** Provider whose wire format was asked for. */
  readonly provider: ProviderName;
  /** Operation that was asked for. */
  readonly endpoint: ProviderEndpoint;
  /** HTTP method. */
  readonly method: string;
  /** Path and query string, with credentials in the query replaced by `[redacted]`. */
  readonly path: string;
  /** Header names in lower case; credentials are replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON body, frozen; the raw text where it is no JSON. */
  readonly body: unknown;
  /** Model that was asked for; empty where the request names none. */
  readonly model: string;
  /** Whether the client asked for a stream. */
  readonly streamed: boolean;
  /** All text of the prompt: instructions, messages, tool results, or the inputs to embed. */
  readonly inputText: string;
  /** Text of the last message of the user. */
  readonly lastUserText: string;
}
