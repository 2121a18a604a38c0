/** An answer byte for byte: for replaying what a provider once sent, or what no provider should. */
export interface RawAnswer {
  /** HTTP status. @default 200 */
  readonly status?: number;
  /** Response headers; those about the length and encoding of the body are not needed. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body; text is sent as UTF-8. */
  readonly body: string | Uint8Array;
  /**
   * How the body is cut into pieces: `"events"` at the events of a stream (a body that is none is one
   * piece), or pieces of so many bytes, the last size for all that follow. A cut may fall inside a
   * character.
   * @default "events"
   */
  readonly pieces?: "events" | number | readonly number[];
}

const lengthBytes = 4;
const shortestMessage = 16;

/** Cuts a body after each blank line, as server-sent events end. */
function serverSentEvents(body: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let end = body.indexOf("\n\n"); end !== -1; end = body.indexOf("\n\n", start)) {
    pieces.push(body.subarray(start, end + 2));
    start = end + 2;
  }
  if (start < body.length) pieces.push(body.subarray(start));
  return pieces;
}

/** Cuts a body after each message of an Amazon event stream; what is no whole message stays together. */
function amazonMessages(body: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  while (start + lengthBytes <= body.length) {
    const length = body.readUInt32BE(start);
    if (length < shortestMessage || start + length > body.length) break;
    pieces.push(body.subarray(start, start + length));
    start += length;
  }
  if (start < body.length) pieces.push(body.subarray(start));
  return pieces;
}

function piecesOfSizes(body: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    const size = sizes[Math.min(pieces.length, sizes.length - 1)] ?? body.length;
    pieces.push(body.subarray(start, start + size));
    start += size;
  }
  return pieces;
}

/** The media type of an answer; empty where it names none. */
function mediaType({ headers = {} }: RawAnswer): string {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === "content-type");
  return name === undefined ? "" : (headers[name] ?? "");
}

/** Cuts the body of an answer the way it asks for. */
export function rawPieces(answer: RawAnswer): Uint8Array[] {
  const body = Buffer.from(answer.body);
  const { pieces = "events" } = answer;
  if (typeof pieces === "number") return piecesOfSizes(body, [pieces]);
  if (pieces !== "events") return piecesOfSizes(body, pieces);
  const type = mediaType(answer);
  if (type.startsWith("text/event-stream")) return serverSentEvents(body);
  if (type.includes("amazon.eventstream")) return amazonMessages(body);
  return body.length === 0 ? [] : [body];
}
