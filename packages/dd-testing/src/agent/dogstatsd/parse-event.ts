import { DogstatsdMessageError, parseInteger, parseTags, quote } from "./message-fields.ts";

/** How important the sender says an event is. */
export type EventPriority = "normal" | "low";
/** How serious the sender says an event is. */
export type EventAlertType = "error" | "warning" | "info" | "success";

/** One DogStatsD event. */
export interface ReceivedEvent {
  /** Headline, with `\n` of the datagram as line breaks. */
  readonly title: string;
  /** Body, with `\n` of the datagram as line breaks; may be empty. */
  readonly text: string;
  /** `normal` when absent. */
  readonly priority: EventPriority;
  /** `info` when absent. */
  readonly alertType: EventAlertType;
  /** `d:` field, Unix seconds. */
  readonly timestamp?: number;
  /** Host that the sender named; absent when it named none. */
  readonly hostname?: string;
  /** Key under which Datadog groups events. */
  readonly aggregationKey?: string;
  /** Kind of source that the sender named, such as `nagios`. */
  readonly sourceType?: string;
  /** `key:value` strings. */
  readonly tags: readonly string[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const lengths = /^_e\{([+-]?\d+),([+-]?\d+).$/s;

/**
 * Parses `_e{title bytes,text bytes}:title|text[|field…]` by the rules of the Agent.
 *
 * The lengths count UTF-8 bytes. `\n` in two characters means a line break. A bad optional field is
 * ignored, not fatal.
 *
 * Source: the DogStatsD protocol and `comp/dogstatsd/server/parse_events.go`.
 *
 * @throws DogstatsdMessageError for a message the Agent refuses.
 */
export function parseEvent(message: Uint8Array): ReceivedEvent {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const colon = bytes.indexOf(":");
  const header = lengths.exec(bytes.toString("latin1", 0, Math.max(colon, 0)));
  if (header === null) {
    throw new DogstatsdMessageError(`invalid event header in ${quote(bytes.toString("utf8"))}`);
  }
  const titleLength = parseInteger(header[1] ?? "");
  const textLength = parseInteger(header[2] ?? "");
  if (titleLength < 1) throw new DogstatsdMessageError("an event needs a title");
  if (textLength < 0) throw new DogstatsdMessageError("the text length of an event is negative");

  const body = bytes.subarray(colon + 1);
  const textStart = titleLength + 1;
  const textEnd = textStart + textLength;
  if (body.length < textEnd) {
    throw new DogstatsdMessageError(
      `an event promises ${textEnd} bytes of title and text, ${body.length} are there`,
    );
  }
  const event: Mutable<ReceivedEvent> = {
    title: lineBreaks(body.toString("utf8", 0, titleLength)),
    text: lineBreaks(body.toString("utf8", textStart, textEnd)),
    priority: "normal",
    alertType: "info",
    tags: [],
  };
  // What separates the text from the fields is one byte, whichever.
  const optional = body.subarray(textEnd + 1);
  for (const field of optional.toString("utf8").split("|")) applyField(event, field);
  return event;
}

function lineBreaks(text: string): string {
  return text.replaceAll("\\n", "\n");
}

function applyField(event: Mutable<ReceivedEvent>, field: string): void {
  const value = field.slice(2);
  if (field.startsWith("#")) event.tags = parseTags(field.slice(1));
  else if (field.startsWith("d:")) applyTimestamp(event, value);
  else if (field.startsWith("h:")) event.hostname = value;
  else if (field.startsWith("k:")) event.aggregationKey = value;
  else if (field.startsWith("s:")) event.sourceType = value;
  else if (field.startsWith("p:")) {
    if (value === "normal" || value === "low") event.priority = value;
  } else if (field.startsWith("t:")) {
    if (value === "error" || value === "warning" || value === "info" || value === "success") {
      event.alertType = value;
    }
  }
}

function applyTimestamp(event: Mutable<ReceivedEvent>, value: string): void {
  try {
    event.timestamp = parseInteger(value);
  } catch {
    // The Agent logs a bad optional field and keeps the event.
  }
}
