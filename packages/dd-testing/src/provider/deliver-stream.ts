import { sleepUnlessAborted, waitUnlessAborted } from "./cancellable-wait.ts";
import { cut, type Delivery, finish, responseHeaders, settle } from "./delivery.ts";
import { resolveError } from "./scripted-error.ts";
import { type StreamFrame, streamFrame } from "./stream-frame.ts";
import type { WireEvent } from "./wire-encoder.ts";

type StreamEnd = "all_sent" | "truncated" | "error_due" | "closed";

/** Whether a stream that ends after so many content chunks ends before this event. */
function endsBefore(event: WireEvent, sent: number, limit: number | undefined): boolean {
  if (limit === undefined) return false;
  if (event.kind === "closing") return true;
  return sent >= limit && (limit > 0 || event.kind === "content");
}

/** Waits for what holds a content chunk back; false when the connection closes meanwhile. */
async function mayContinue({ channel, record, reply }: Delivery): Promise<boolean> {
  const chunk = record.chunksSent;
  const pause = chunk === 0 ? 0 : (reply.chunkDelayMs ?? 0);
  if (!(await sleepUnlessAborted(pause, channel.closed))) return false;
  if (reply.gate === undefined) return true;
  return waitUnlessAborted(Promise.resolve(reply.gate(chunk)), channel.closed);
}

/**
 * Writes one event. It is counted before it is written, because the client may look at the record
 * as soon as it has read the event, and taken back when the write fails.
 */
async function send(delivery: Delivery, event: WireEvent, frame: StreamFrame): Promise<boolean> {
  const { channel, record } = delivery;
  const before = {
    eventsSent: record.eventsSent,
    chunksSent: record.chunksSent,
    usageSent: record.usageSent,
  };
  record.eventsSent += 1;
  if (event.kind === "content") record.chunksSent += 1;
  record.usageSent = event.usage ?? record.usageSent;
  delivery.changed();
  if (await channel.write(frame.event(event.text))) return true;
  Object.assign(record, before);
  return false;
}

async function sendEvents(
  delivery: Delivery,
  events: Iterable<WireEvent>,
  frame: StreamFrame,
): Promise<StreamEnd> {
  const { record, reply } = delivery;
  const errorAfter = reply.midStreamError && (reply.midStreamError.afterChunks ?? 1);
  for (const event of events) {
    if (endsBefore(event, record.chunksSent, reply.truncateAfterChunks)) return "truncated";
    if (endsBefore(event, record.chunksSent, errorAfter)) return "error_due";
    if (event.kind === "content" && !(await mayContinue(delivery))) return "closed";
    if (!(await send(delivery, event, frame))) return "closed";
  }
  return "all_sent";
}

function errorPiece(delivery: Delivery, frame: StreamFrame): string | Uint8Array {
  const { plan, record, reply, route } = delivery;
  const script = reply.midStreamError ?? {};
  const error = resolveError(script, route.encoder.errorSpelling);
  const failure = { error, script, eventsSent: record.eventsSent };
  const text = route.encoder.errorEvent?.(failure, plan) ?? "";
  record.eventsSent += 1;
  return frame.last(text);
}

/** Delivers a planned reply as a stream. */
export async function deliverStream(delivery: Delivery): Promise<void> {
  const { channel, plan, record, reply, route } = delivery;
  const { encoder, streamFraming } = route;
  record.status = reply.status ?? 200;
  const type = streamFraming === "json_array" ? encoder.jsonType : encoder.streamType;
  const headers = {
    "content-type": type,
    "cache-control": "no-cache",
    ...encoder.streamHeaders,
  };
  channel.open(record.status, responseHeaders(delivery, headers));
  const frame = streamFrame(streamFraming);
  const end = await sendEvents(delivery, encoder.events?.(plan) ?? [], frame);
  if (end === "closed") return settle(delivery);
  if (end === "truncated") {
    return reply.cutConnection ? cut(delivery) : finish(delivery, "", "truncated");
  }
  if (end === "error_due") {
    return finish(delivery, errorPiece(delivery, frame), "mid_stream_error");
  }
  return finish(delivery, frame.end);
}
