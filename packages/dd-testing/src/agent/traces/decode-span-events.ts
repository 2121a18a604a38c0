import { MsgpackError } from "../msgpack/msgpack-error.ts";
import type { MsgpackReader } from "../msgpack/msgpack-reader.ts";
import type { ReceivedSpanEvent, SpanAttributeValue } from "./received-span.ts";

/** Reads the native `span_events` of a v0.4 span: an integer time and typed attributes. */
export function decodeSpanEvents(reader: MsgpackReader): ReceivedSpanEvent[] {
  const events: ReceivedSpanEvent[] = [];
  const count = reader.readArrayHeader();
  for (let index = 0; index < count; index += 1) events.push(decodeEvent(reader));
  return events;
}

function decodeEvent(reader: MsgpackReader): ReceivedSpanEvent {
  let name: string | undefined;
  let timeUnixNano: bigint | undefined;
  const attributes: [string, SpanAttributeValue][] = [];
  const count = reader.readMapHeader();
  for (let index = 0; index < count; index += 1) {
    const field = reader.readString();
    if (reader.skipNil()) continue;
    if (field === "name") name = reader.readString();
    else if (field === "time_unix_nano") timeUnixNano = readTime(reader);
    else if (field === "attributes") {
      const attributeCount = reader.readMapHeader();
      for (let attribute = 0; attribute < attributeCount; attribute += 1) {
        attributes.push([reader.readString(), decodeAttribute(reader, true)]);
      }
    } else reader.skipValue();
  }
  if (name === undefined) throw new MsgpackError("a span event has no name");
  if (timeUnixNano === undefined) throw new MsgpackError("a span event has no time_unix_nano");
  return { name, timeUnixNano, attributes: Object.fromEntries(attributes) };
}

function readTime(reader: MsgpackReader): bigint {
  if (reader.peek() === "float") {
    throw new MsgpackError(
      `time_unix_nano: expected integer, found float ${reader.readNumber()} at byte ${reader.offset}`,
    );
  }
  return reader.readInteger();
}

/** Attribute types of the native format: 0 string, 1 boolean, 2 integer, 3 double, 4 array. */
function decodeAttribute(reader: MsgpackReader, arrayAllowed: boolean): SpanAttributeValue {
  let type: number | undefined;
  const values = new Map<string, SpanAttributeValue>();
  const count = reader.readMapHeader();
  for (let index = 0; index < count; index += 1) {
    const field = reader.readString();
    if (reader.skipNil()) continue;
    if (field === "type") type = Number(reader.readInteger());
    else if (field === "string_value") values.set(field, reader.readString());
    else if (field === "bool_value") values.set(field, reader.readBoolean());
    else if (field === "int_value") values.set(field, Number(reader.readInteger()));
    else if (field === "double_value") values.set(field, reader.readNumber());
    else if (field === "array_value" && arrayAllowed) values.set(field, decodeArray(reader));
    else reader.skipValue();
  }
  const fieldOfType = [
    "string_value",
    "bool_value",
    "int_value",
    "double_value",
    ...(arrayAllowed ? ["array_value"] : []),
  ][type ?? -1];
  if (fieldOfType === undefined) {
    throw new MsgpackError(`a span event attribute has the unknown type ${type}`);
  }
  const value = values.get(fieldOfType);
  if (value === undefined) {
    throw new MsgpackError(`a span event attribute of type ${type} has no ${fieldOfType}`);
  }
  return value;
}

function decodeArray(reader: MsgpackReader): SpanAttributeValue[] {
  const values: SpanAttributeValue[] = [];
  const count = reader.readMapHeader();
  for (let index = 0; index < count; index += 1) {
    const field = reader.readString();
    if (field !== "values") {
      reader.skipValue();
      continue;
    }
    const length = reader.readArrayHeader();
    for (let item = 0; item < length; item += 1) values.push(decodeAttribute(reader, false));
  }
  if (new Set(values.map((value) => typeof value)).size > 1) {
    throw new MsgpackError("the array of a span event attribute mixes types");
  }
  return values;
}
