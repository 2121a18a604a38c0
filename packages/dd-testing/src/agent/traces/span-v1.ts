import { MsgpackError } from "../msgpack/msgpack-error.ts";
import type { MsgpackReader } from "../msgpack/msgpack-reader.ts";
import type { ReceivedSpanEvent, ReceivedSpanLink } from "./received-span.ts";
import { readFieldsV1, type StringTableV1 } from "./string-table-v1.ts";
import { traceIdOf } from "./trace-id-bytes.ts";
import { traceIdHex } from "./trace-ids.ts";
import { emptyWireSpan, type WireSpan } from "./wire-span.ts";

/** Keys of a span that hold what v0.4 has in `meta`. */
const tagsByKey: ReadonlyMap<number, string> = new Map([
  [13, "env"],
  [14, "version"],
  [15, "component"],
]);
const attributesKey = 9;
const kindKey = 16;
const spanKinds = ["", "internal", "server", "client", "producer", "consumer"];

/** Decodes a span of v1.0, still without the trace id, which its chunk holds. */
export function decodeSpanV1(reader: MsgpackReader, table: StringTableV1): WireSpan {
  const start = reader.offset;
  const span = emptyWireSpan();
  const meta = new Map<string, string>();
  const metrics = new Map<string, number>();
  const named = new Map<string, string>();
  readFieldsV1(reader, (key) => {
    const tag = tagsByKey.get(key);
    if (tag !== undefined) named.set(tag, table.read());
    else if (key === kindKey) named.set("span.kind", readKind(reader));
    else if (key === attributesKey) {
      table.readAttributes((name, value) => {
        if (typeof value === "number") metrics.set(name, value);
        else meta.set(name, value);
      });
    } else readField(reader, table, span, key);
  });
  for (const [name, value] of named) if (value !== "") meta.set(name, value);
  return { ...span, meta, metrics, bytes: reader.offset - start };
}

function readField(reader: MsgpackReader, table: StringTableV1, span: WireSpan, key: number): void {
  switch (key) {
    case 1:
      span.service = table.read();
      break;
    case 2:
      span.name = table.read();
      break;
    case 3:
      span.resource = table.read();
      break;
    case 4:
      span.spanId = reader.readUnsigned();
      break;
    case 5:
      span.parentId = reader.readUnsigned();
      break;
    case 6:
      span.start = reader.readInteger();
      break;
    case 7:
      span.duration = reader.readInteger();
      break;
    case 8:
      span.error = reader.readBoolean() ? 1n : 0n;
      break;
    case 10:
      span.type = table.read();
      break;
    case 11:
      span.spanLinks = readList(reader, () => readLink(reader, table));
      break;
    case 12:
      span.spanEvents = readList(reader, () => readEvent(reader, table));
      break;
    default:
      reader.skipValue();
  }
}

function readKind(reader: MsgpackReader): string {
  const kind = Number(reader.readUnsigned());
  const name = spanKinds[kind];
  if (name === undefined) throw new MsgpackError(`unknown span kind ${kind}`);
  return name;
}

function readList<T>(reader: MsgpackReader, readOne: () => T): T[] {
  const items: T[] = [];
  const count = reader.readArrayHeader();
  for (let index = 0; index < count; index += 1) items.push(readOne());
  return items;
}

function readLink(reader: MsgpackReader, table: StringTableV1): ReceivedSpanLink {
  let id: { low: bigint; high: string } | undefined;
  let spanId: bigint | undefined;
  let tracestate = "";
  let flags: number | undefined;
  const attributes: [string, string][] = [];
  readFieldsV1(reader, (key) => {
    if (key === 1) id = traceIdOf(reader.readBinary());
    else if (key === 2) spanId = reader.readUnsigned();
    else if (key === 3)
      table.readAttributes((name, value) => attributes.push([name, String(value)]));
    else if (key === 4) tracestate = table.read();
    else if (key === 5) flags = Number(reader.readUnsigned());
    else reader.skipValue();
  });
  if (id === undefined || spanId === undefined) throw new MsgpackError("a span link has no ids");
  return {
    traceId: id.low.toString(),
    traceIdHex: traceIdHex(id.low, id.high),
    spanId: spanId.toString(),
    attributes: Object.fromEntries(attributes),
    ...(tracestate === "" ? {} : { tracestate }),
    ...(flags === undefined ? {} : { flags }),
  };
}

function readEvent(reader: MsgpackReader, table: StringTableV1): ReceivedSpanEvent {
  let timeUnixNano: bigint | undefined;
  let name = "";
  const attributes: [string, string | number][] = [];
  readFieldsV1(reader, (key) => {
    if (key === 1) timeUnixNano = reader.readInteger();
    else if (key === 2) name = table.read();
    else if (key === 3) table.readAttributes((key, value) => attributes.push([key, value]));
    else reader.skipValue();
  });
  if (timeUnixNano === undefined) throw new MsgpackError("a span event has no time");
  return { name, timeUnixNano, attributes: Object.fromEntries(attributes) };
}
