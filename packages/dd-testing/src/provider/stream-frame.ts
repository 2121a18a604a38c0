import { eventStreamMessage } from "./bedrock/event-stream-message.ts";

/** How a provider puts the events of a stream on the wire. */
export type StreamFraming = "events" | "json_array" | "amazon_event_stream";

/** Puts the events of one stream on the wire. */
export interface StreamFrame {
  /** Frames one event that is written as a server-sent event. */
  event(text: string): string | Uint8Array;
  /** Frames an event after which nothing follows. */
  last(text: string): string | Uint8Array;
  /** What follows the last event. */
  readonly end: string;
}

function dataOf(text: string): string {
  return text.slice(text.indexOf("data: ") + "data: ".length).trimEnd();
}

/** What Gemini sends without `alt=sse`: the elements of one JSON array. */
function jsonArray(): StreamFrame {
  let opening = "[";
  const event = (text: string): string => {
    const element = opening + dataOf(text);
    opening = ",\r\n";
    return element;
  };
  return { event, last: (text) => `${event(text)}]`, end: "]" };
}

/**
 * What Bedrock sends: binary messages with the name of the event in a header. A name that ends in
 * `Exception` is that of an error.
 *
 * Source: https://smithy.io/2.0/aws/amazon-eventstream.html
 */
function amazonMessage(text: string): Uint8Array {
  const name = /^event: (.*)$/m.exec(text)?.[1] ?? "";
  const failed = name.endsWith("Exception");
  const headers = {
    [failed ? ":exception-type" : ":event-type"]: name,
    ":content-type": "application/json",
    ":message-type": failed ? "exception" : "event",
  };
  return eventStreamMessage(headers, dataOf(text));
}

/** Chooses the framing of a stream. */
export function streamFrame(framing: StreamFraming): StreamFrame {
  if (framing === "json_array") return jsonArray();
  if (framing === "events") return { event: (text) => text, last: (text) => text, end: "" };
  return { event: amazonMessage, last: amazonMessage, end: "" };
}
