import type { Recording } from "./recordings.ts";

/** Everything that an answer says as text, to be searched for counts; frames are read without the code under test. */
export function decodedText(recording: Recording): string {
  if (!isFramed(recording)) return recording.body.toString("utf8");
  return frames(recording.body)
    .map(({ payload }) => {
      const { bytes } = JSON.parse(payload) as { readonly bytes?: string };
      return bytes === undefined ? payload : Buffer.from(bytes, "base64").toString("utf8");
    })
    .join("\n");
}

function isFramed({ contentType }: Recording): boolean {
  return contentType === "application/vnd.amazon.eventstream";
}

interface Frame {
  readonly type: string;
  readonly payload: string;
}

/** Frames are: total length, length of the headers, checksum, headers, payload, checksum. */
function frames(body: Buffer): Frame[] {
  const found: Frame[] = [];
  for (let start = 0; start < body.length; ) {
    const length = body.readUInt32BE(start);
    const headersEnd = start + 12 + body.readUInt32BE(start + 4);
    const payload = body.toString("utf8", headersEnd, start + length - 4);
    found.push({ type: eventType(body.subarray(start + 12, headersEnd)), payload });
    start += length;
  }
  return found;
}

function eventType(headers: Buffer): string {
  const name = ":event-type";
  const valueStart = headers.indexOf(name) + name.length + 1;
  const length = headers.readUInt16BE(valueStart);
  return headers.toString("utf8", valueStart + 2, valueStart + 2 + length);
}
