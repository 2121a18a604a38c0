import { TracePayloadError } from "../traces/trace-payload-error.ts";

/** What a field of a message holds, and by which name it goes in JSON. */
export interface ProtobufField {
  readonly name: string;
  readonly type:
    | "boolean"
    | "bytes"
    | "double"
    | "fixed32"
    | "fixed64"
    | "hexadecimal"
    | "int64"
    | "number"
    | "sint32"
    | "string"
    | "uint64"
    | ProtobufMessage;
  readonly isRepeated?: true;
}

/** The fields of a message by number; a function, so that a message can hold itself. */
export type ProtobufMessage = () => ReadonlyMap<number, ProtobufField>;

const deepest = 64;
const varint = 0;
const eightBytes = 1;
const sized = 2;
const fourBytes = 5;

/**
 * Reads a protobuf message into the values of its JSON form: 64-bit integers as decimal text, ids in
 * hexadecimal, fields by their names. Fields that are not described are passed over.
 *
 * Source: https://protobuf.dev/programming-guides/encoding/ and
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 *
 * @throws TracePayloadError where a byte is missing or a field has another wire type.
 */
export function readProtobuf(bytes: Buffer, message: ProtobufMessage): Record<string, unknown> {
  return readMessage(bytes, message, 0);
}

function readMessage(
  bytes: Buffer,
  message: ProtobufMessage,
  depth: number,
): Record<string, unknown> {
  if (depth > deepest) throw new TracePayloadError(`nested deeper than ${deepest} levels`);
  const fields = message();
  const values = new Map<string, unknown>();
  const cursor = { bytes, offset: 0 };
  while (cursor.offset < bytes.length) {
    const tag = Number(readVarint(cursor));
    const wireType = tag % 8;
    const field = fields.get(Math.floor(tag / 8));
    if (field === undefined) skip(cursor, wireType);
    else keep(values, field, readField(cursor, field, wireType, depth));
  }
  return Object.fromEntries(values);
}

function keep(values: Map<string, unknown>, field: ProtobufField, found: readonly unknown[]): void {
  if (field.isRepeated !== true) {
    values.set(field.name, found.at(-1));
    return;
  }
  const list = values.get(field.name);
  if (Array.isArray(list)) for (const value of found) list.push(value);
  else values.set(field.name, [...found]);
}

interface Cursor {
  readonly bytes: Buffer;
  offset: number;
}

/** The values of one field: several where a repeated number is packed. */
function readField(
  cursor: Cursor,
  field: ProtobufField,
  wireType: number,
  depth: number,
): unknown[] {
  const { type } = field;
  if (typeof type === "function") {
    expectType(field, wireType, sized);
    return [readMessage(readSized(cursor), type, depth + 1)];
  }
  if (type === "string" || type === "bytes" || type === "hexadecimal") {
    expectType(field, wireType, sized);
    const piece = readSized(cursor);
    const encoding = type === "string" ? "utf8" : type === "bytes" ? "base64" : "hex";
    return [piece.toString(encoding)];
  }
  if (wireType !== sized || field.isRepeated !== true) {
    return [readScalar(cursor, field, wireType)];
  }
  const packed: Cursor = { bytes: readSized(cursor), offset: 0 };
  const values: unknown[] = [];
  while (packed.offset < packed.bytes.length) {
    values.push(readScalar(packed, field, usualType(type)));
  }
  return values;
}

function usualType(type: ProtobufField["type"]): number {
  if (type === "double" || type === "fixed64") return eightBytes;
  return type === "fixed32" ? fourBytes : varint;
}

function readScalar(cursor: Cursor, field: ProtobufField, wireType: number): unknown {
  const { type } = field;
  expectType(field, wireType, usualType(type));
  switch (type) {
    case "double":
      return take(cursor, 8).readDoubleLE();
    case "fixed64":
      return take(cursor, 8).readBigUInt64LE().toString();
    case "fixed32":
      return take(cursor, 4).readUInt32LE();
    case "int64":
      return BigInt.asIntN(64, readVarint(cursor)).toString();
    case "uint64":
      return readVarint(cursor).toString();
    case "sint32": {
      const value = Number(readVarint(cursor) & 0xffff_ffffn);
      return (value >>> 1) ^ -(value & 1);
    }
    case "boolean":
      return readVarint(cursor) !== 0n;
    default:
      return Number(BigInt.asIntN(64, readVarint(cursor)));
  }
}

function expectType({ name }: ProtobufField, found: number, expected: number): void {
  if (found === expected) return;
  throw new TracePayloadError(`${name}: expected wire type ${expected}, found ${found}`);
}

function readVarint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = take(cursor, 1)[0] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw new TracePayloadError(`a number of more than ten bytes ends at byte ${cursor.offset}`);
}

function readSized(cursor: Cursor): Buffer {
  return take(cursor, Number(readVarint(cursor)));
}

function take(cursor: Cursor, length: number): Buffer {
  const { bytes, offset } = cursor;
  if (length > bytes.length - offset) {
    throw new TracePayloadError(
      `truncated: ${length} bytes needed at byte ${offset}, ${bytes.length - offset} left`,
    );
  }
  cursor.offset += length;
  return bytes.subarray(offset, cursor.offset);
}

function skip(cursor: Cursor, wireType: number): void {
  if (wireType === varint) readVarint(cursor);
  else if (wireType === eightBytes) take(cursor, 8);
  else if (wireType === sized) readSized(cursor);
  else if (wireType === fourBytes) take(cursor, 4);
  else throw new TracePayloadError(`unknown wire type ${wireType} at byte ${cursor.offset}`);
}
