import { MsgpackError } from "../msgpack/msgpack-error.ts";
import { MsgpackReader } from "../msgpack/msgpack-reader.ts";
import { decodeSpanEvents } from "./decode-span-events.ts";
import { decodeSpanLinks } from "./decode-span-links.ts";
import { TracePayloadError } from "./trace-payload-error.ts";
import { emptyTrace, emptyWireSpan, type WireSpan } from "./wire-span.ts";

/** Where a decoder is, so that an error can say which span and field it was. */
export interface Position {
  trace: number;
  span: number;
  field: string;
  /** Key in the map of the field. */
  key: string;
}

/**
 * Decodes a v0.4 trace payload: an array of traces, each an array of span maps.
 *
 * Unknown fields are skipped; a nil for a field or a tag counts as absent, as in the Agent.
 *
 * @param body The MessagePack document.
 * @throws TracePayloadError when a byte is missing or too many, or a value has the wrong type.
 */
export function decodeTracesV04(body: Uint8Array): (readonly WireSpan[])[] {
  return decodeDocument(body, decodeTraces);
}

/**
 * Decodes a whole document; an error says in which trace, span and field it is.
 *
 * @throws TracePayloadError when a byte is missing or too many, or a value has the wrong type.
 */
export function decodeDocument(
  body: Uint8Array,
  decode: (reader: MsgpackReader, position: Position) => (readonly WireSpan[])[],
): (readonly WireSpan[])[] {
  const reader = new MsgpackReader(body);
  const position: Position = { trace: 0, span: 0, field: "", key: "" };
  try {
    const traces = decode(reader, position);
    reader.expectEnd();
    return traces;
  } catch (error) {
    if (!(error instanceof MsgpackError)) throw error;
    const path = [position.field, position.key].filter((name) => name !== "");
    const field = path.map((name) => `.${name.slice(0, 100)}`).join("");
    const where = `traces[${position.trace}][${position.span}]${field}`;
    throw new TracePayloadError(`${where}: ${error.message}`);
  }
}

function decodeTraces(reader: MsgpackReader, position: Position): (readonly WireSpan[])[] {
  const traces: (readonly WireSpan[])[] = [];
  const traceCount = reader.readArrayHeader();
  for (let trace = 0; trace < traceCount; trace += 1) {
    position.trace = trace;
    position.span = 0;
    traces.push(decodeSpans(reader, position));
  }
  return traces;
}

/** Decodes an array of spans. */
export function decodeSpans(reader: MsgpackReader, position: Position): readonly WireSpan[] {
  const spans: WireSpan[] = [];
  const spanCount = reader.readArrayHeader();
  for (let span = 0; span < spanCount; span += 1) {
    position.span = span;
    spans.push(decodeSpan(reader, position));
    position.field = "";
  }
  return spans.length === 0 ? emptyTrace : spans;
}

function decodeSpan(reader: MsgpackReader, position: Position): WireSpan {
  const start = reader.offset;
  const span = emptyWireSpan();
  const fieldCount = reader.readMapHeader();
  for (let index = 0; index < fieldCount; index += 1) {
    position.field = "";
    const field = reader.readString();
    position.field = field;
    if (!reader.skipNil()) readField(reader, span, field, position);
  }
  span.bytes = reader.offset - start;
  return span;
}

function readField(reader: MsgpackReader, span: WireSpan, field: string, at: Position): void {
  switch (field) {
    case "trace_id":
      span.traceId = reader.readUnsigned();
      break;
    case "span_id":
      span.spanId = reader.readUnsigned();
      break;
    case "parent_id":
      span.parentId = reader.readUnsigned();
      break;
    case "name":
      span.name = reader.readString();
      break;
    case "service":
      span.service = reader.readString();
      break;
    case "resource":
      span.resource = reader.readString();
      break;
    case "type":
      span.type = reader.readString();
      break;
    case "start":
      span.start = readWithin(reader, 63n);
      break;
    case "duration":
      span.duration = reader.readInteger();
      break;
    case "error":
      span.error = readWithin(reader, 31n);
      break;
    case "meta":
      span.meta = readMap(reader, at, () => (reader.skipNil() ? undefined : reader.readString()));
      break;
    case "metrics":
      span.metrics = readMap(reader, at, () => reader.readNumber());
      break;
    case "meta_struct":
      span.metaStruct = Object.fromEntries(readMap(reader, at, () => readStruct(reader)));
      break;
    case "span_links":
      span.spanLinks = decodeSpanLinks(reader);
      break;
    case "span_events":
      span.spanEvents = decodeSpanEvents(reader);
      break;
    default:
      reader.skipValue();
  }
}

/** Reads a signed number of so many bits beside its sign, as the Agent's fields have. */
function readWithin(reader: MsgpackReader, bits: bigint): bigint {
  const value = reader.readInteger();
  if (value >= 2n ** bits || value < -(2n ** bits)) {
    throw new MsgpackError(`${value} does not fit ${bits + 1n} bits`);
  }
  return value;
}

/** Reads a map with string keys, leaving out what reads as `undefined`. */
function readMap<T>(
  reader: MsgpackReader,
  position: Position,
  readOne: () => T | undefined,
): Map<string, T> {
  const values = new Map<string, T>();
  const count = reader.readMapHeader();
  for (let index = 0; index < count; index += 1) {
    position.key = "";
    const key = reader.readString();
    position.key = key;
    const value = readOne();
    if (value !== undefined) values.set(key, value);
  }
  position.key = "";
  return values;
}

/** A value of `meta_struct`: bytes that hold a MessagePack map. */
function readStruct(reader: MsgpackReader): unknown {
  const inner = new MsgpackReader(reader.readBinary());
  inner.expectMap();
  return inner.readValue();
}
