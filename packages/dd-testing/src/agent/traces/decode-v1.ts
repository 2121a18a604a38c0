import { MsgpackError } from "../msgpack/msgpack-error.ts";
import type { MsgpackReader } from "../msgpack/msgpack-reader.ts";
import { decodeDocument, type Position } from "./decode-v04.ts";
import { decodeSpanV1 } from "./span-v1.ts";
import { readFieldsV1, StringTableV1 } from "./string-table-v1.ts";
import { spreadChunk, type TraceChunk } from "./trace-chunk.ts";
import { traceIdOf } from "./trace-id-bytes.ts";
import type { WireSpan } from "./wire-span.ts";

const payloadKeys = { env: 7, version: 9, chunks: 11 } as const;
const chunkKeys = {
  priority: 1,
  origin: 2,
  attributes: 3,
  spans: 4,
  traceId: 6,
  samplingMechanism: 7,
} as const;

/** Keys from 2 to 9 of a payload are text that may enter the table. */
const lastTextKey = 9;

/**
 * Decodes a v1.0 trace payload: maps with small numbers for keys, 128-bit trace ids as bytes, typed
 * attributes instead of `meta` and `metrics`, and texts that are written once and then named by number.
 *
 * Source: `pkg/proto/pbgo/trace/idx` of the Agent, and `decode_v1` of dd-apm-test-agent.
 *
 * @param body The MessagePack document.
 * @throws TracePayloadError when a byte is missing or too many, or a value has the wrong type.
 */
export function decodeTracesV1(body: Uint8Array): (readonly WireSpan[])[] {
  return decodeDocument(body, (reader, position) => {
    const table = new StringTableV1(reader);
    const chunks: TraceChunk[] = [];
    const payload: { env?: string; version?: string } = {};
    readFieldsV1(reader, (key) => {
      if (key === 1) throw new MsgpackError("texts must be streamed, not sent as a table");
      if (key === payloadKeys.chunks) readChunks(reader, table, position, chunks);
      else if (key > lastTextKey) reader.skipValue();
      else {
        const text = table.read();
        if (key === payloadKeys.env) payload.env = text;
        else if (key === payloadKeys.version) payload.version = text;
      }
    });
    return chunks.map((chunk) => spreadChunk({ ...chunk, ...payload }));
  });
}

function readChunks(
  reader: MsgpackReader,
  table: StringTableV1,
  position: Position,
  into: TraceChunk[],
): void {
  const count = reader.readArrayHeader();
  for (let index = 0; index < count; index += 1) {
    position.trace = index;
    position.span = 0;
    into.push(readChunk(reader, table, position));
  }
}

function readChunk(reader: MsgpackReader, table: StringTableV1, position: Position): TraceChunk {
  const spans: WireSpan[] = [];
  const tags = new Map<string, string | number>();
  let priority: number | undefined;
  let origin: string | undefined;
  let id: { low: bigint; high: string } | undefined;
  readFieldsV1(reader, (key) => {
    if (key === chunkKeys.priority) priority = Number(reader.readInteger());
    else if (key === chunkKeys.origin) origin = table.read();
    else if (key === chunkKeys.attributes)
      table.readAttributes((name, value) => tags.set(name, value));
    else if (key === chunkKeys.traceId) id = traceIdOf(reader.readBinary());
    else if (key === chunkKeys.samplingMechanism) tags.set("_dd.p.dm", `-${reader.readInteger()}`);
    else if (key === chunkKeys.spans) {
      const count = reader.readArrayHeader();
      for (let index = 0; index < count; index += 1) {
        position.span = index;
        spans.push(decodeSpanV1(reader, table));
      }
    } else reader.skipValue();
  });
  if (id !== undefined && !/^0+$/.test(id.high)) tags.set("_dd.p.tid", id.high);
  const traceId = id?.low;
  return { spans: spans.map((span) => ({ ...span, traceId })), priority, origin, tags };
}
