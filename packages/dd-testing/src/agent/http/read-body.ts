import type { IncomingMessage } from "node:http";

/** The body of a request, or how much of it arrived before it was too much. */
export interface RequestBody {
  readonly bytes: Buffer;
  /** Bytes that arrived; more than `bytes.length` where the body was over the limit. */
  readonly size: number;
  readonly tooLarge: boolean;
}

/**
 * Reads a body completely, however it is cut into chunks, and keeps nothing of one over the limit.
 *
 * An announced length over the limit is refused before a byte is read.
 *
 * @param maxBytes The limit.
 * @returns `undefined` when the client went away before the end.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<RequestBody | undefined> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) return { bytes: Buffer.alloc(0), size: announced, tooLarge: true };
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) return { bytes: Buffer.alloc(0), size, tooLarge: true };
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return { bytes: Buffer.concat(chunks, size), size, tooLarge: false };
}
