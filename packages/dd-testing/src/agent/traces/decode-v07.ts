import type { MsgpackReader } from "../msgpack/msgpack-reader.ts";
import { decodeDocument, decodeSpans, type Position } from "./decode-v04.ts";
import { spreadChunk, type TraceChunk } from "./trace-chunk.ts";
import type { WireSpan } from "./wire-span.ts";

/** What the payload says once for all its chunks. */
interface PayloadFields {
  env?: string;
  version?: string;
}

/**
 * Decodes a v0.7 trace payload: a map with facts about the tracer and the chunks, each a map with
 * facts about the trace and its spans, which are those of v0.4.
 *
 * Source: `pkg/proto/datadog/trace/tracer_payload.proto` of the Agent.
 *
 * @param body The MessagePack document.
 * @throws TracePayloadError when a byte is missing or too many, or a value has the wrong type.
 */
export function decodeTracesV07(body: Uint8Array): (readonly WireSpan[])[] {
  return decodeDocument(body, (reader, position) => {
    const chunks: TraceChunk[] = [];
    const payload: PayloadFields = {};
    readFields(reader, (field) => {
      if (field === "chunks") readChunks(reader, position, chunks);
      else if (field === "env") payload.env = reader.readString();
      else if (field === "app_version") payload.version = reader.readString();
      else reader.skipValue();
    });
    return chunks.map((chunk) => spreadChunk({ ...chunk, ...payload }));
  });
}

function readFields(reader: MsgpackReader, readField: (field: string) => void): void {
  const count = reader.readMapHeader();
  for (let index = 0; index < count; index += 1) {
    const field = reader.readString();
    if (!reader.skipNil()) readField(field);
  }
}

function readChunks(reader: MsgpackReader, position: Position, into: TraceChunk[]): void {
  const count = reader.readArrayHeader();
  for (let index = 0; index < count; index += 1) {
    position.trace = index;
    position.span = 0;
    into.push(readChunk(reader, position));
  }
}

function readChunk(reader: MsgpackReader, position: Position): TraceChunk {
  let spans: readonly WireSpan[] = [];
  let priority: number | undefined;
  let origin: string | undefined;
  const tags = new Map<string, string>();
  readFields(reader, (field) => {
    if (field === "spans") spans = decodeSpans(reader, position);
    else if (field === "priority") priority = Number(reader.readInteger());
    else if (field === "origin") origin = reader.readString();
    else if (field === "tags") readFields(reader, (key) => tags.set(key, reader.readString()));
    else reader.skipValue();
  });
  return { spans, priority, origin, tags };
}
