import type { ReplyPlan } from "./reply-plan.ts";
import type { ErrorSpelling, ProviderErrorKind, ResolvedError } from "./scripted-error.ts";
import type { ScriptedMidStreamError } from "./scripted-reply.ts";
import type { TokenUsage } from "./token-usage.ts";

/**
 * One event of a stream, written as a server-sent event; `StreamFrame` puts it into another framing.
 * `closing` marks what follows the last content: a truncated stream never reaches it. `usage` is what
 * the client knows once it has read the event.
 */
export interface WireEvent {
  readonly text: string;
  readonly kind: "framing" | "content" | "closing";
  readonly usage?: TokenUsage;
}

/** An answer in one piece, as JSON or as bytes; `usage` is null where this format reports none. */
interface WireBody {
  readonly value?: unknown;
  readonly bytes?: Uint8Array;
  /** Media type of the bytes. */
  readonly type?: string;
  readonly usage: TokenUsage | null;
  /** Headers that tell something of this answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error inside a stream, with what the stream has delivered before it. */
export interface MidStreamFailure {
  readonly error: ResolvedError;
  readonly script: ScriptedMidStreamError;
  readonly eventsSent: number;
}

/** Writes one operation of one provider. */
export interface WireEncoder {
  /** How the provider spells errors. */
  readonly errorSpelling: Readonly<Record<ProviderErrorKind, ErrorSpelling>>;
  /** Media type of an answer in one piece, errors included. */
  readonly jsonType: string;
  /** Media type of a stream. */
  readonly streamType: string;
  /** The answer in one piece. */
  body(plan: ReplyPlan): WireBody;
  /** The answer as a stream; absent where the operation cannot stream. */
  events?(plan: ReplyPlan): Iterable<WireEvent>;
  /** The body of an error answer. */
  errorBody(error: ResolvedError, plan: Pick<ReplyPlan, "sequence">): unknown;
  /** The event of an error inside a stream. */
  errorEvent?(failure: MidStreamFailure, plan: ReplyPlan): string;
  /** Headers of an error answer beside the usual ones. */
  errorHeaders?(error: ResolvedError): Record<string, string>;
  /** Headers of a stream beside the usual ones. */
  readonly streamHeaders?: Readonly<Record<string, string>>;
  /** Identifier and rate-limit headers. */
  headers(plan: Pick<ReplyPlan, "sequence" | "createdMs">): Record<string, string>;
}
