import type { ProviderRequest } from "./provider-request.ts";
import type { TokenUsage } from "./token-usage.ts";

/** How a request ended. */
export type ProviderRequestOutcome = "in_progress" | "completed" | "aborted_by_client" | "failed";

/** Why a request failed. */
export type ProviderRequestFailure =
  | "refused_request"
  | "scripted_error"
  | "mid_stream_error"
  | "truncated"
  | "connection_cut"
  | "script_fault"
  | "unscripted"
  | "server_stopped";

/** One request and what became of it. */
export interface RecordedProviderRequest extends ProviderRequest {
  /** Milliseconds since the epoch when the request had arrived. */
  readonly receivedAt: number;
  /** HTTP status of the answer; undefined while there is none. */
  readonly status: number | undefined;
  /** Model the answer named. */
  readonly responseModel: string | undefined;
  /** How the request ended. */
  readonly outcome: ProviderRequestOutcome;
  /** Why it failed; undefined unless `outcome` is `failed`. */
  readonly failure: ProviderRequestFailure | undefined;
  /** Message of the error in a reply function or gate; undefined without one. */
  readonly fault: string | undefined;
  /** Content chunks delivered; 0 where the answer is no stream. */
  readonly chunksSent: number;
  /** Stream events delivered, those without content included; 0 where the answer is no stream. */
  readonly eventsSent: number;
  /** Content chunks delivered when the client went away; undefined unless it did. */
  readonly abortedAtChunk: number | undefined;
  /** The last usage the client was told; null when it was told none. */
  readonly usageSent: TokenUsage | null;
}

/** A record while its request is served. */
export type OpenRecord = {
  -readonly [Key in keyof RecordedProviderRequest]: RecordedProviderRequest[Key];
};

/** Opens the record of a request that has arrived. */
export function openRecord(request: ProviderRequest, receivedAt: number): OpenRecord {
  return {
    ...request,
    receivedAt,
    status: undefined,
    responseModel: undefined,
    outcome: "in_progress",
    failure: undefined,
    fault: undefined,
    chunksSent: 0,
    eventsSent: 0,
    abortedAtChunk: undefined,
    usageSent: null,
  };
}
