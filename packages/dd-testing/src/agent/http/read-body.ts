import type { IncomingMessage } from "node:http";
import type { ByteBudget } from "./byte-budget.ts";

/** How reading a body ended; only a complete one has its bytes. */
export type RequestBody =
  | { readonly outcome: "complete"; readonly bytes: Buffer; readonly size: number }
  | {
      /**
       * `too-large`: over the limit. `no-room`: other bodies fill the memory. `aborted`: the client went
       * away.
       */
      readonly outcome: "too-large" | "no-room" | "aborted";
      /** Bytes that arrived. */
      readonly size: number;
    };

/** A refused body is read to its end up to this size, else the client would see a reset, not the answer. */
const drainBytes = 64 * 1024 * 1024;

/**
 * Reads a body however it is cut into chunks, and keeps nothing of one that is refused.
 *
 * Bytes of a complete body stay taken from the budget; the caller gives them back.
 *
 * @param maxBytes The limit of one body.
 * @param budget The limit of all bodies together.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  budget: ByteBudget,
): Promise<RequestBody> {
  let chunks: Buffer[] = [];
  let kept = 0;
  let size = 0;
  let refused: "too-large" | "no-room" | undefined;
  const refuse = (reason: "too-large" | "no-room") => {
    refused = reason;
    budget.release(kept);
    kept = 0;
    chunks = [];
  };
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (refused !== undefined) {
        if (size > drainBytes) break;
      } else if (size > maxBytes) refuse("too-large");
      else if (!budget.take(chunk.length)) refuse("no-room");
      else {
        kept += chunk.length;
        chunks.push(chunk);
      }
    }
  } catch {
    budget.release(kept);
    return { outcome: "aborted", size };
  }
  if (refused !== undefined) return { outcome: refused, size };
  return { outcome: "complete", bytes: Buffer.concat(chunks, size), size };
}
