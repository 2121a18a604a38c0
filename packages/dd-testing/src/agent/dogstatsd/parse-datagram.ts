import { DogstatsdMessageError } from "./message-fields.ts";
import { parseEvent, type ReceivedEvent } from "./parse-event.ts";
import { parseMetric, type ReceivedMetric } from "./parse-metric.ts";
import { parseServiceCheck, type ReceivedServiceCheck } from "./parse-service-check.ts";

/** One message of a datagram: what it holds, or why it was refused. */
export type DogstatsdMessage =
  | { readonly kind: "metric"; readonly metric: ReceivedMetric; readonly bytes: number }
  | { readonly kind: "event"; readonly event: ReceivedEvent; readonly bytes: number }
  | { readonly kind: "serviceCheck"; readonly check: ReceivedServiceCheck; readonly bytes: number }
  | { readonly kind: "refused"; readonly reason: string; readonly bytes: number };

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Parses every message of a datagram, one a line; a refused line leaves the others alone.
 *
 * Never throws, whatever the bytes.
 */
export function parseDatagram(datagram: Uint8Array): DogstatsdMessage[] {
  const messages: DogstatsdMessage[] = [];
  let start = 0;
  while (start < datagram.length) {
    const found = datagram.indexOf(newline, start);
    const end = found === -1 ? datagram.length : found;
    const trimmed = end > start && datagram[end - 1] === carriageReturn ? end - 1 : end;
    if (trimmed > start) messages.push(parseMessage(datagram.subarray(start, trimmed)));
    start = end + 1;
  }
  return messages;
}

function parseMessage(message: Uint8Array): DogstatsdMessage {
  const bytes = message.length;
  try {
    const text = Buffer.from(message.buffer, message.byteOffset, bytes).toString("utf8");
    if (text.startsWith("_e{")) return { kind: "event", event: parseEvent(message), bytes };
    if (text.startsWith("_sc")) {
      return { kind: "serviceCheck", check: parseServiceCheck(text), bytes };
    }
    return { kind: "metric", metric: parseMetric(text), bytes };
  } catch (error) {
    const reason = error instanceof DogstatsdMessageError ? error.message : String(error);
    return { kind: "refused", reason, bytes };
  }
}
