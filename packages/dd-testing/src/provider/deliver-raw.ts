import { sleepUnlessAborted, waitUnlessAborted } from "./cancellable-wait.ts";
import { cut, type Delivery, finish, settle } from "./delivery.ts";
import { type RawAnswer, rawPieces } from "./raw-answer.ts";

/** Headers that are about the connection a recording was made on. */
const connectionHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "transfer-encoding",
]);

function headersOf({ reply }: Delivery, answer: RawAnswer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const source of [answer.headers ?? {}, reply.headers ?? {}]) {
    for (const [name, value] of Object.entries(source)) {
      const lower = name.toLowerCase();
      if (!connectionHeaders.has(lower)) headers[lower] = value;
    }
  }
  return headers;
}

/** Waits for what holds a piece back; false when the connection closes meanwhile. */
async function mayContinue({ channel, reply }: Delivery, piece: number): Promise<boolean> {
  const pause = piece === 0 ? 0 : (reply.chunkDelayMs ?? 0);
  if (!(await sleepUnlessAborted(pause, channel.closed))) return false;
  if (reply.gate === undefined) return true;
  return waitUnlessAborted(Promise.resolve(reply.gate(piece)), channel.closed);
}

/** Delivers an answer byte for byte; every piece of it counts as a chunk. */
export async function deliverRaw(delivery: Delivery, answer: RawAnswer): Promise<void> {
  const { channel, changed, record, reply } = delivery;
  record.status = answer.status ?? 200;
  channel.open(record.status, headersOf(delivery, answer));
  for (const [index, piece] of rawPieces(answer).entries()) {
    if (index === reply.truncateAfterChunks) {
      return reply.cutConnection === true ? cut(delivery) : finish(delivery, "", "truncated");
    }
    if (!(await mayContinue(delivery, index))) return settle(delivery);
    record.chunksSent += 1;
    record.eventsSent += 1;
    changed();
    if (await channel.write(piece)) continue;
    record.chunksSent -= 1;
    record.eventsSent -= 1;
    return settle(delivery);
  }
  return finish(delivery, "", record.status >= 400 ? "scripted_error" : undefined);
}
