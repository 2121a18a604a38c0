import { MsgpackError } from "../msgpack/msgpack-error.ts";
import { MsgpackReader } from "../msgpack/msgpack-reader.ts";
import { TracePayloadError } from "./trace-payload-error.ts";
import { emptyTrace, emptyWireSpan, type WireSpan } from "./wire-span.ts";

const fieldsPerSpan = 12;

/**
 * Decodes a v0.5 trace payload: a string table, then traces of spans that are arrays of 12 fields.
 *
 * @param body The MessagePack document.
 * @throws TracePayloadError when a byte is missing or too many, a value has the wrong type, or an
 *   index points outside the string table.
 */
export function decodeTracesV05(body: Uint8Array): (readonly WireSpan[])[] {
  const reader = new MsgpackReader(body);
  const position = { trace: 0, span: 0 };
  try {
    const traces = decodePayload(reader, position);
    reader.expectEnd();
    return traces;
  } catch (error) {
    if (!(error instanceof MsgpackError)) throw error;
    throw new TracePayloadError(`traces[${position.trace}][${position.span}]: ${error.message}`);
  }
}

function decodePayload(
  reader: MsgpackReader,
  position: { trace: number; span: number },
): (readonly WireSpan[])[] {
  const parts = reader.readArrayHeader();
  if (parts !== 2) throw new MsgpackError(`expected [strings, traces], found ${parts} elements`);
  const strings: string[] = [];
  const stringCount = reader.readArrayHeader();
  for (let index = 0; index < stringCount; index += 1) strings.push(reader.readString());

  const traces: (readonly WireSpan[])[] = [];
  const traceCount = reader.readArrayHeader();
  for (let trace = 0; trace < traceCount; trace += 1) {
    position.trace = trace;
    const spans: WireSpan[] = [];
    const spanCount = reader.readArrayHeader();
    for (let span = 0; span < spanCount; span += 1) {
      position.span = span;
      spans.push(decodeSpan(reader, strings));
    }
    traces.push(spans.length === 0 ? emptyTrace : spans);
  }
  return traces;
}

function decodeSpan(reader: MsgpackReader, strings: readonly string[]): WireSpan {
  const start = reader.offset;
  const fields = reader.readArrayHeader();
  if (fields !== fieldsPerSpan) {
    throw new MsgpackError(`expected ${fieldsPerSpan} fields, found ${fields}`);
  }
  const text = () => readIndexed(reader, strings);
  const span = emptyWireSpan();
  span.service = text();
  span.name = text();
  span.resource = text();
  span.traceId = reader.readUnsigned();
  span.spanId = reader.readUnsigned();
  span.parentId = reader.readUnsigned();
  span.start = reader.readInteger();
  span.duration = reader.readInteger();
  span.error = reader.readInteger();
  span.meta = readMap(reader, text, text);
  span.metrics = readMap(reader, text, () => reader.readNumber());
  span.type = text();
  span.bytes = reader.offset - start;
  return span;
}

function readIndexed(reader: MsgpackReader, strings: readonly string[]): string {
  const index = reader.readInteger();
  const value = index < 0n ? undefined : strings[Number(index)];
  if (value === undefined) {
    throw new MsgpackError(`string index ${index} is outside the table of ${strings.length}`);
  }
  return value;
}

function readMap<T>(
  reader: MsgpackReader,
  readKey: () => string,
  readOne: () => T,
): Map<string, T> {
  const values = new Map<string, T>();
  const count = reader.readMapHeader();
  for (let index = 0; index < count; index += 1) {
    const key = readKey();
    values.set(key, readOne());
  }
  return values;
}
