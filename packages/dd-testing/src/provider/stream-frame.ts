/** How the events of a stream are put on the wire. */
export interface StreamFrame {
  /** Frames one event that is written as a server-sent event. */
  event(text: string): string;
  /** What follows the last event. */
  readonly end: string;
}

/**
 * Chooses the framing of a stream: events as they are, or the elements of one JSON array, which is
 * what Gemini sends without `alt=sse`.
 */
export function streamFrame(framing: "events" | "json_array"): StreamFrame {
  if (framing === "events") return { event: (text) => text, end: "" };
  let opening = "[";
  return {
    event(text) {
      const element = opening + text.slice("data: ".length).trimEnd();
      opening = ",\r\n";
      return element;
    },
    end: "]",
  };
}
